import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { download } from '@/api/client'
import { ErrorLine } from '@/ui'

interface FileButtonProps {
  path: string
  /** name of the saved file */
  name: string
  words: string
  testid?: string
}

/** Saves a protected file; says why when it cannot. */
export function FileButton({ path, name, words, testid }: FileButtonProps) {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const save = async () => {
    setBusy(true)
    setError(null)
    await download(path, name).catch(setError)
    setBusy(false)
  }
  return (
    <>
      <Button onClick={() => void save()} loading={busy} data-testid={testid}>
        {words}
      </Button>
      <ErrorLine error={error} />
    </>
  )
}

export function PdfButton({ id, version }: { id: string; version: number }) {
  const { t } = useTranslation('reads')
  return (
    <FileButton
      path={`/api/reads/${encodeURIComponent(id)}/report.pdf?version=${version}`}
      name={`${t('reportFile')}-${version}.pdf`}
      words={t('pdf')}
      testid="report-pdf"
    />
  )
}
