import { lazy, Suspense, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState, Loading, QueryView } from '@/ui'
import { parseNormalForm, type EcgSignal } from '@/viewer/normalForm'
import { useEcg, useSamples } from '../data'

const EcgViewer = lazy(async () => ({ default: (await import('@/viewer/EcgViewer')).EcgViewer }))

function parsed(blob: ArrayBuffer): EcgSignal | null {
  try {
    return parseNormalForm(blob)
  } catch {
    return null
  }
}

function Paper({ blob }: { blob: ArrayBuffer }) {
  const { t } = useTranslation('reads')
  const signal = useMemo(() => parsed(blob), [blob])
  if (!signal) return <EmptyState title={t('notDrawable')} hint={t('notDrawableHint')} />
  return (
    <Suspense fallback={<Loading />}>
      <EcgViewer signal={signal} />
    </Suspense>
  )
}

/** The tracing of a read on true-scale paper. Fills its parent. */
export function Tracing({ id }: { id: string }) {
  const ecg = useEcg(id)
  const samples = useSamples(id, ecg.data?.sha256 ?? '')
  if (ecg.data) return <QueryView query={samples}>{(blob) => <Paper blob={blob} />}</QueryView>
  return <QueryView query={ecg}>{() => null}</QueryView>
}
