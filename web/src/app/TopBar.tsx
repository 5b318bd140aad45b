import { Button } from 'antd'
import { useRef, type FocusEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { logOut, usePerson } from '@/api/session'
import { changeLanguage } from '@/i18n'
import { Tag, usePhone } from '@/ui'
import styles from './TopBar.module.css'

/** The person's menu as a disclosure: opens by click or Enter, closes by Escape or when focus leaves it. */
function PersonMenu() {
  const { t, i18n } = useTranslation()
  const person = usePerson()
  const navigate = useNavigate()
  const details = useRef<HTMLDetailsElement>(null)
  const english = i18n.language === 'en'
  const close = () => {
    if (details.current) details.current.open = false
  }
  const leave = async () => {
    await logOut()
    await navigate('/login')
  }
  const onBlur = (event: FocusEvent) => {
    if (!details.current?.contains(event.relatedTarget)) close()
  }
  return (
    // The handlers only close what the summary inside opened.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <details
      ref={details}
      className={styles.menu}
      onBlur={onBlur}
      onKeyDown={(event) => {
        if (event.key === 'Escape') close()
      }}
    >
      <summary data-testid="person-menu">
        {person.name} <span aria-hidden>▾</span>
      </summary>
      <div className={styles.sheet}>
        <p>
          {person.name} {person.title}
        </p>
        <p className={styles.roles}>{person.roles.map((role) => t(`role.${role}`)).join(' · ')}</p>
        <Button block onClick={() => void changeLanguage(english ? 'zh-CN' : 'en')} lang={english ? 'zh-CN' : 'en'}>
          {english ? '中文' : 'English'}
        </Button>
        <Button block onClick={() => void leave()} data-testid="log-out">
          {t('logOut')}
        </Button>
      </div>
    </details>
  )
}

/** Whose page this is: organisation, person, language, way out. */
export function TopBar() {
  const { t } = useTranslation()
  const person = usePerson()
  const phone = usePhone()
  return (
    <header className={styles.bar}>
      <Link to="/" className={styles.brand}>
        {t('product')}
      </Link>
      <span className={styles.organisation}>{person.organisation.name}</span>
      {person.demo && !phone && <Tag tone="soon">{t('demo.mark')}</Tag>}
      <span className={styles.space} />
      <PersonMenu />
    </header>
  )
}
