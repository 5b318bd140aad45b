import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

const server = process.env.DUIKOU_DEV_SERVER ?? 'http://127.0.0.1:8080'
const proxied = { target: server, changeOrigin: false, ws: true }

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: {
    host: '127.0.0.1',
    port: 5173,
    proxy: { '/api': proxied, '/rtc': proxied, '/twirp': proxied },
  },
  build: { target: 'es2022', manifest: true, chunkSizeWarningLimit: 900 },
  test: { environment: 'jsdom', include: ['src/**/*.test.{ts,tsx}'] },
})
