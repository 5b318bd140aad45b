import { currentLanguage } from '@/i18n'

/** The parts of an RFC 9457 problem document that the interface shows. */
export interface ProblemDocument {
  type?: string
  title?: string
  status?: number
  code?: string
  detail?: string
  message?: { zh?: string; en?: string }
  request_id?: string
  errors?: { path: string; message: string }[]
}

/** A refusal or failure of the API. `status` 0 means that no answer arrived. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly requestId: string
  readonly problem: ProblemDocument

  constructor(status: number, problem: ProblemDocument, requestId: string) {
    super(problem.code ?? `http ${status}`)
    this.name = 'ApiError'
    this.status = status
    this.code = problem.code ?? (status === 0 ? 'offline' : `http_${status}`)
    this.requestId = problem.request_id ?? requestId
    this.problem = problem
  }

  /** The server's sentence in the reader's language, or an empty string when it sent none. */
  get sentence(): string {
    const { message, detail } = this.problem
    const chosen = currentLanguage() === 'en' ? message?.en : message?.zh
    return chosen ?? detail ?? ''
  }
}

export function offline(): ApiError {
  return new ApiError(0, {}, '')
}

function isDocument(value: unknown): value is ProblemDocument {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The error of an unsuccessful answer whose body was already read as `body`. */
export function problemOf(response: Response, body: unknown): ApiError {
  const requestId = response.headers.get('X-Request-Id') ?? ''
  return new ApiError(response.status, isDocument(body) ? body : {}, requestId)
}
