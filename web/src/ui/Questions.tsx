import { Modal, type ModalFuncProps } from 'antd'
import { useEffect, useRef } from 'react'

/** Asks each question once, in the order in which they came. */
export default function Questions({ asked }: { asked: readonly ModalFuncProps[] }) {
  const [modal, holder] = Modal.useModal()
  const done = useRef(new Set<ModalFuncProps>())
  useEffect(() => {
    for (const question of asked) {
      if (done.current.has(question)) continue
      done.current.add(question)
      void modal.confirm(question)
    }
  }, [asked, modal])
  return holder
}
