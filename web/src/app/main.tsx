import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { refresh } from '@/api/session'
import { startI18n } from '@/i18n'
import '@/ui/global.css'
import { App } from './App'

async function start(): Promise<void> {
  const root = document.getElementById('root')
  if (!root) throw new Error('index.html has no #root')
  void refresh()
  await startI18n()
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
}

void start()
