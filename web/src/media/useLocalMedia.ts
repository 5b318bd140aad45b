import { useEffect, useState } from 'react'

export interface LocalMedia {
  stream: MediaStream | null
  devices: MediaDeviceInfo[]
  /** what the browser refused, if it did */
  error: unknown
}

interface Wanted {
  camera: boolean
  cameraId: string
  microphoneId: string
}

async function open({ camera, cameraId, microphoneId }: Wanted): Promise<MediaStream> {
  const audio = microphoneId ? { deviceId: { ideal: microphoneId } } : true
  const video = camera ? { width: { ideal: 640 }, ...(cameraId ? { deviceId: { ideal: cameraId } } : {}) } : false
  return navigator.mediaDevices.getUserMedia({ audio, video })
}

/** Camera and microphone for the device check; stopped when the check ends. */
export function useLocalMedia(active: boolean, { camera, cameraId, microphoneId }: Wanted): LocalMedia {
  const [media, setMedia] = useState<LocalMedia>({ stream: null, devices: [], error: null })
  useEffect(() => {
    if (!active) return
    let opened: MediaStream | null = null
    let stopped = false
    const start = async () => {
      try {
        opened = await open({ camera, cameraId, microphoneId })
      } catch (error) {
        if (!stopped) setMedia((before) => ({ ...before, stream: null, error }))
        return
      }
      // Devices have names only after permission was given.
      const devices = await navigator.mediaDevices.enumerateDevices()
      if (stopped) for (const track of opened.getTracks()) track.stop()
      else setMedia({ stream: opened, devices, error: null })
    }
    void start()
    return () => {
      stopped = true
      for (const track of opened?.getTracks() ?? []) track.stop()
    }
  }, [active, camera, cameraId, microphoneId])
  return media
}

/** Loudness of a stream's sound, 0–1, about ten times a second. */
export function useLevel(stream: MediaStream | null): number {
  const [level, setLevel] = useState(0)
  useEffect(() => {
    if (!stream || stream.getAudioTracks().length === 0) return
    const context = new AudioContext()
    const analyser = context.createAnalyser()
    analyser.fftSize = 1024
    context.createMediaStreamSource(stream).connect(analyser)
    const samples = new Float32Array(analyser.fftSize)
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples)
      const energy = samples.reduce((sum, value) => sum + value * value, 0) / samples.length
      // −60 dB … 0 dB as 0 … 1, which is how loudness is felt.
      setLevel(Math.min(1, Math.max(0, 1 + Math.log10(Math.max(energy, 1e-6)) / 6)))
    }, 100)
    return () => {
      clearInterval(timer)
      void context.close()
    }
  }, [stream])
  return level
}
