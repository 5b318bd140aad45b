import { useQuery } from '@tanstack/react-query'
import Button from 'antd/es/button'
import Input from 'antd/es/input/Input'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Navigate, useSearchParams } from 'react-router'
import { api, unwrap } from '@/api/client'
import { enterDemo, logIn, useSession } from '@/api/session'
import { changeLanguage } from '@/i18n'
import { ErrorLine, Loading, Tag } from '@/ui'
import styles from './LoginPage.module.css'

/** An address of this site to go on to; anything else would be an open redirect. */
export function safeNext(next: string | null): string {
  return next && /^\/(?![/\\])/.test(next) ? next : '/'
}

function text(form: FormData, name: string): string {
  const value = form.get(name)
  return typeof value === 'string' ? value : ''
}

/** Two fields checked by the browser itself: the form machinery of the kit would double this page's script. */
function PasswordForm() {
  const { t } = useTranslation('auth')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const submit = async (form: FormData) => {
    setBusy(true)
    setError(null)
    try {
      await logIn(text(form, 'username').trim(), text(form, 'password'))
    } catch (failure) {
      setError(failure)
      setBusy(false)
    }
  }
  return (
    <form
      className={styles.fields}
      onSubmit={(event) => {
        event.preventDefault()
        void submit(new FormData(event.currentTarget))
      }}
    >
      <label htmlFor="username">{t('username')}</label>
      <Input
        id="username"
        name="username"
        required
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={64}
      />
      <label htmlFor="password">{t('password')}</label>
      <Input
        id="password"
        name="password"
        type="password"
        required
        autoComplete="current-password"
        maxLength={200}
      />
      <ErrorLine error={error} />
      <Button type="primary" htmlType="submit" block loading={busy} data-testid="login">
        {t('logIn')}
      </Button>
    </form>
  )
}

function DemoDoors() {
  const { t } = useTranslation('auth')
  const [entering, setEntering] = useState('')
  const [error, setError] = useState<unknown>(null)
  const { data } = useQuery({
    queryKey: ['demo'],
    queryFn: () => unwrap(api.GET('/api/demo/accounts')),
    staleTime: Infinity,
  })
  if (!data?.demo || data.accounts.length === 0) return null
  const enter = async (username: string) => {
    setEntering(username)
    setError(null)
    try {
      await enterDemo(username)
    } catch (failure) {
      setError(failure)
      setEntering('')
    }
  }
  return (
    <section className={styles.demo} aria-labelledby="demo-title">
      <h2 id="demo-title" className={styles.demoTitle}>
        {t('demoTitle')} <Tag tone="soon">{t('demoMark')}</Tag>
      </h2>
      <p className={styles.note}>{t('demoNote')}</p>
      <ErrorLine error={error} />
      <ul className={styles.doors}>
        {data.accounts.map((account) => (
          <li key={account.username}>
            <Button
              className={styles.door ?? ''}
              block
              loading={entering === account.username}
              onClick={() => void enter(account.username)}
              data-testid={`demo-${account.username}`}
            >
              <span className={styles.doorText}>
                <span className={styles.doorRole}>
                  {t('enterAs', { role: t(`common:role.${account.role}`) })}
                </span>
                <span className={styles.doorName}>
                  {account.name} · {account.organisation}
                </span>
              </span>
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}

export function LoginPage() {
  const { t, i18n } = useTranslation('auth')
  const session = useSession()
  const [search] = useSearchParams()
  const english = i18n.language === 'en'
  useEffect(() => {
    document.title = `${t('logIn')} · ${t('common:product')}`
  }, [t])
  if (session.state === 'in') return <Navigate to={safeNext(search.get('next'))} replace />
  if (session.state === 'unknown') return <Loading />
  return (
    <main className={styles.page}>
      <header className={styles.head}>
        <div>
          <h1 className={styles.brand}>{t('common:product')}</h1>
          <p className={styles.note}>{t('tagline')}</p>
        </div>
        <Button
          type="text"
          lang={english ? 'zh-CN' : 'en'}
          onClick={() => void changeLanguage(english ? 'zh-CN' : 'en')}
        >
          {english ? '中文' : 'English'}
        </Button>
      </header>
      <div className={styles.columns}>
        <section className={styles.form} aria-label={t('logIn')}>
          <PasswordForm />
        </section>
        <DemoDoors />
      </div>
    </main>
  )
}
