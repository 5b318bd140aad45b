import { RoomContext } from '@livekit/components-react'
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { Room } from 'livekit-client'
import { afterEach, beforeAll, expect, it, vi } from 'vitest'
import { startI18n } from '@/i18n'
import { Controls } from './Controls'
import type { LowData } from './useLowData'
import type { Traffic } from './useTraffic'

const lowData: LowData = {
  mode: 'auto',
  setMode: () => undefined,
  thin: false,
  plan: { receive: 'all', send: 'all' },
  quality: 'good',
}
const traffic: Traffic = { received: 0, sent: 0, limited: false }

const getUserMedia = vi.fn<() => Promise<MediaStream>>()
const SLOW = 10_000

Object.defineProperty(window, 'isSecureContext', { value: true })
Object.defineProperty(navigator, 'mediaDevices', {
  value: Object.assign(new EventTarget(), { getUserMedia, enumerateDevices: () => Promise.resolve([]) }),
})

function show(): void {
  const room = new Room()
  Object.defineProperty(room.localParticipant, 'permissions', { value: { canPublish: true } })
  render(
    <RoomContext.Provider value={room}>
      <Controls
        room={room}
        lowData={lowData}
        traffic={traffic}
        unread={0}
        panel="none"
        hasSide={false}
        onPanel={() => undefined}
        onLeave={() => undefined}
      />
    </RoomContext.Provider>,
  )
}

beforeAll(startI18n)
afterEach(cleanup)

it.each([
  ['room-mic', 'NotReadableError', /麦克风没有打开.*来电或其他程序占用.*“开麦”/],
  ['room-camera', 'NotAllowedError', /摄像头没有打开.*没有得到允许.*“开摄像头”/],
  ['room-camera', 'NotFoundError', /摄像头没有打开.*没有找到设备/],
])('%s says what %s means and what to do', async (button, name, words) => {
  getUserMedia.mockRejectedValue(new DOMException('', name))
  show()
  fireEvent.click(await screen.findByTestId(button, {}, { timeout: SLOW }))
  await waitFor(() => expect(screen.getByRole('alert').textContent).toMatch(words), { timeout: SLOW })
}, 3 * SLOW)
