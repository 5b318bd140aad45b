import { useLayoutEffect, useState, type RefObject } from 'react'
import type { Room } from './view'

/** The size of an element, renewed when it changes; null before the first measurement. */
export function useRoom(target: RefObject<HTMLElement | null>): Room | null {
  const [room, setRoom] = useState<Room | null>(null)
  useLayoutEffect(() => {
    const element = target.current
    if (!element) return
    const look = () => {
      const { clientWidth: width, clientHeight: height } = element
      setRoom((before) => (before?.width === width && before.height === height ? before : { width, height }))
    }
    const observer = new ResizeObserver(look)
    observer.observe(element)
    look()
    return () => observer.disconnect()
  }, [target])
  return room
}
