import { currentLanguage } from '@/i18n'
import { ApiError, offline } from './problem'
import { freshToken } from './session'

export interface UploadProgress {
  sent: number
  total: number
  /** bytes per second since the start */
  speed: number
  /** seconds left at that speed */
  left: number
}

export interface UploadOptions {
  method?: 'POST' | 'PUT'
  headers?: Record<string, string>
  onProgress?: (progress: UploadProgress) => void
  signal?: AbortSignal
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}

/**
 * Send a file or form with progress; fetch cannot report what was sent. Resolves with the JSON answer.
 * Throws `ApiError`, or a DOMException named AbortError when cancelled.
 */
export async function upload<T>(path: string, body: Blob | FormData, options: UploadOptions = {}): Promise<T> {
  const token = await freshToken()
  return new Promise<T>((resolve, reject) => {
    const request = new XMLHttpRequest()
    const started = performance.now()
    request.open(options.method ?? 'POST', path)
    if (token) request.setRequestHeader('Authorization', `Bearer ${token}`)
    request.setRequestHeader('Accept-Language', currentLanguage())
    for (const [name, value] of Object.entries(options.headers ?? {})) request.setRequestHeader(name, value)
    request.upload.onprogress = (event) => {
      const seconds = Math.max(0.001, (performance.now() - started) / 1000)
      const speed = event.loaded / seconds
      options.onProgress?.({
        sent: event.loaded,
        total: event.total,
        speed,
        left: speed > 0 ? (event.total - event.loaded) / speed : 0,
      })
    }
    request.onload = () => {
      const answer = parsed(request.responseText)
      if (request.status >= 200 && request.status < 300) resolve(answer as T)
      else {
        const requestId = request.getResponseHeader('X-Request-Id') ?? ''
        reject(new ApiError(request.status, (answer ?? {}), requestId))
      }
    }
    request.onerror = () => reject(offline())
    request.onabort = () => reject(new DOMException('cancelled', 'AbortError'))
    options.signal?.addEventListener('abort', () => request.abort(), { once: true })
    if (options.signal?.aborted) {
      reject(new DOMException('cancelled', 'AbortError'))
      return
    }
    request.send(body)
  })
}
