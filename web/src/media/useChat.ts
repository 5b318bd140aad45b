import { RoomEvent, type RemoteParticipant, type Room } from 'livekit-client'
import { useCallback, useEffect, useRef, useState } from 'react'
import { toldOf } from './who'

export const CHAT_TOPIC = 'chat'
const LONGEST = 1000
const KEPT = 200

export interface ChatMessage {
  id: string
  name: string
  mine: boolean
  text: string
  /** ISO time at which it was received here */
  at: string
}

export interface ChatState {
  messages: ChatMessage[]
  unread: number
  send: (text: string) => Promise<void>
}

/** Text and id of a received packet, or null when it is not one of ours. Pure. */
export function parseChat(payload: Uint8Array): { id: string; text: string } | null {
  try {
    const value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload)) as unknown
    if (typeof value !== 'object' || value === null) return null
    const { id, text } = value as { id?: unknown; text?: unknown }
    if (typeof id !== 'string' || typeof text !== 'string' || !text.trim()) return null
    return { id, text: text.slice(0, LONGEST) }
  } catch {
    return null
  }
}

/** Chat over the room's reliable data channel; it lives as long as the call and is not kept. */
export function useChat(room: Room, open: boolean): ChatState {
  const [messages, setMessages] = useState<ChatMessage[]>([])
  const [unread, setUnread] = useState(0)
  const isOpen = useRef(open)
  useEffect(() => {
    isOpen.current = open
  }, [open])
  const add = useCallback((message: ChatMessage) => {
    setMessages((before) =>
      before.some((each) => each.id === message.id) ? before : [...before, message].slice(-KEPT),
    )
    if (!message.mine && !isOpen.current) setUnread((before) => before + 1)
  }, [])

  useEffect(() => {
    const onData = (payload: Uint8Array, person?: RemoteParticipant, _kind?: unknown, topic?: string) => {
      const found = topic === CHAT_TOPIC ? parseChat(payload) : null
      if (!found || !person) return
      add({ ...found, name: person.name ?? person.identity, mine: false, at: new Date().toISOString() })
    }
    room.on(RoomEvent.DataReceived, onData)
    return () => {
      room.off(RoomEvent.DataReceived, onData)
    }
  }, [room, add])

  const send = useCallback(
    async (text: string) => {
      const message = { id: crypto.randomUUID(), text: text.trim().slice(0, LONGEST) }
      if (!message.text) return
      const payload = new TextEncoder().encode(JSON.stringify(message))
      // Who waits at the door reads nothing: the packet then names those inside.
      const told = toldOf(room)
      if (told?.length !== 0)
        await room.localParticipant.publishData(payload, {
          reliable: true,
          topic: CHAT_TOPIC,
          ...(told ? { destinationIdentities: told } : {}),
        })
      add({ ...message, name: room.localParticipant.name ?? '', mine: true, at: new Date().toISOString() })
    },
    [room, add],
  )
  // Opening the chat reads it.
  if (open && unread > 0) setUnread(0)
  return { messages, unread, send }
}
