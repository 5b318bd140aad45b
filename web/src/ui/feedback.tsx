import { message as antMessage, type ModalFuncProps } from 'antd'
import { createContext, lazy, Suspense, useContext, useMemo, useState, type ReactNode } from 'react'

const Questions = lazy(() => import('./Questions'))

type MessageApi = ReturnType<typeof antMessage.useMessage>[0]

/** `message.success(…)` for what went well; `modal.confirm(…)` for questions. */
export interface Feedback {
  message: MessageApi
  modal: { confirm: (question: ModalFuncProps) => Promise<void> }
}

const Context = createContext<Feedback | null>(null)

/** Where messages and questions are drawn. The code that draws questions comes with the first one. */
export function FeedbackProvider({ children }: { children: ReactNode }) {
  const [message, messages] = antMessage.useMessage()
  const [asked, setAsked] = useState<ModalFuncProps[]>([])
  const feedback = useMemo(
    () => ({
      message,
      modal: {
        confirm: (question: ModalFuncProps) => {
          setAsked((before) => [...before, question])
          return Promise.resolve()
        },
      },
    }),
    [message],
  )
  return (
    <Context.Provider value={feedback}>
      {messages}
      {asked.length > 0 && (
        <Suspense>
          <Questions asked={asked} />
        </Suspense>
      )}
      {children}
    </Context.Provider>
  )
}

/** Messages and questions, for pages behind the gate. */
export function useFeedback(): Feedback {
  const feedback = useContext(Context)
  if (!feedback) throw new Error('useFeedback outside of FeedbackProvider')
  return feedback
}
