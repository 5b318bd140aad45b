import { message as antMessage, Modal } from 'antd'
import { createContext, useContext, useMemo, type ReactNode } from 'react'

type MessageApi = ReturnType<typeof antMessage.useMessage>[0]
type ModalApi = ReturnType<typeof Modal.useModal>[0]

/** `message.success(…)` for what went well; `modal.confirm(…)` for questions. */
export interface Feedback {
  message: MessageApi
  modal: ModalApi
}

const Context = createContext<Feedback | null>(null)

/** Where messages and questions are drawn. Smaller than the kit's own `App`, which brings more. */
export function FeedbackProvider({ children }: { children: ReactNode }) {
  const [message, messages] = antMessage.useMessage()
  const [modal, questions] = Modal.useModal()
  const feedback = useMemo(() => ({ message, modal }), [message, modal])
  return (
    <Context.Provider value={feedback}>
      {messages}
      {questions}
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
