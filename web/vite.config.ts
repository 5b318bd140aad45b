import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

/** Parts of the kit that only define components but do not say so, and would be carried whole. */
const PURE = /node_modules\/(@rc-component|@ant-design|antd|react-router|i18next)\//

const server = process.env.DUIKOU_DEV_SERVER ?? 'http://127.0.0.1:8080'
const proxied = { target: server, changeOrigin: false, ws: true }

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: {
    host: '127.0.0.1',
    port: 5173,
    proxy: { '/api': proxied, '/rtc': proxied, '/twirp': proxied, '/whip': proxied, '/whep': proxied },
  },
  build: {
    target: 'es2022',
    manifest: true,
    chunkSizeWarningLimit: 900,
    rolldownOptions: { treeshake: { moduleSideEffects: [{ test: PURE, sideEffects: false }] } },
  },
  test: { environment: 'jsdom', include: ['src/**/*.test.{ts,tsx}'] },
})
