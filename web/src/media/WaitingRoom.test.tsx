import { act, cleanup, render, screen } from '@testing-library/react'
import { Room, RoomEvent } from 'livekit-client'
import { afterEach, beforeAll, expect, it } from 'vitest'
import { startI18n } from '@/i18n'
import { WaitingRoom } from './WaitingRoom'

beforeAll(startI18n)
afterEach(cleanup)

it('says at the door that the room is being recorded, as soon as it is', async () => {
  const room = new Room()
  render(<WaitingRoom room={room} title="会诊" kind="consult" since="" away={false} onLeave={() => undefined} />)
  const sign = await screen.findByTestId('recording-sign', {}, { timeout: 10_000 })
  expect(sign.textContent).toBe('')
  Object.defineProperty(room, 'isRecording', { value: true })
  act(() => {
    room.emit(RoomEvent.RecordingStatusChanged, true)
  })
  expect(sign.textContent).toBe('正在录制')
})
