import type { Model } from '@/api/types'
import { upload, type UploadProgress } from '@/api/upload'

/** One file on its way to a consult. */
export interface SendingFile {
  key: string
  file: File
  progress: UploadProgress | null
  error: unknown
  cancel: () => void
}

/**
 * Send a file as the raw body. `onChange` hears of progress and failure. Resolves with the key once the server
 * has it, with null when it failed or was cancelled.
 */
export async function sendFile(
  consultId: string,
  file: File,
  onChange: (sending: SendingFile) => void,
): Promise<string | null> {
  const stop = new AbortController()
  const state: SendingFile = {
    key: crypto.randomUUID(),
    file,
    progress: null,
    error: null,
    cancel: () => stop.abort(),
  }
  onChange(state)
  const where = new URLSearchParams({ owner_type: 'consult', owner_id: consultId })
  try {
    await upload<Model<'AttachmentView'>>(`/api/attachments?${where.toString()}`, file, {
      signal: stop.signal,
      headers: {
        'Content-Type': file.type || 'application/octet-stream',
        'X-File-Name': encodeURIComponent(file.name),
      },
      onProgress: (progress) => onChange({ ...state, progress }),
    })
    return state.key
  } catch (error) {
    onChange({ ...state, error })
    return null
  }
}
