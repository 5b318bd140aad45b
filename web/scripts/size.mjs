// Fails the build when the script a page needs before it can be used outgrows a 256 kbit/s line.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const LIMIT = 250 * 1024
const ENTRY = 'index.html'
const FRAME = 'src/app/Office.tsx'
const PAGES = {
  'before log-in': ['src/pages/login/LoginPage.tsx'],
  "doctor's home": [FRAME, 'src/pages/home/HomePage.tsx'],
  'new read': [FRAME, 'src/pages/reads/new/NewReadPage.tsx'],
  'new consult': [FRAME, 'src/pages/consults/new/NewConsultPage.tsx'],
  'consults': [FRAME, 'src/pages/consults/list/ConsultsPage.tsx'],
  'a consult': [FRAME, 'src/pages/consults/detail/ConsultPage.tsx'],
}

const manifest = JSON.parse(readFileSync('dist/.vite/manifest.json', 'utf8'))
const sizes = new Map()

function size(file) {
  if (!sizes.has(file)) sizes.set(file, gzipSync(readFileSync(`dist/${file}`), { level: 9 }).length)
  return sizes.get(file)
}

function reach(key, seen) {
  const chunk = manifest[key]
  if (!chunk || seen.has(key)) return
  seen.add(key)
  for (const next of chunk.imports ?? []) reach(next, seen)
}

let failed = false
for (const [name, entries] of Object.entries(PAGES)) {
  const seen = new Set()
  for (const key of [ENTRY, ...entries]) reach(key, seen)
  const absent = entries.filter((key) => !manifest[key])
  if (absent.length > 0) throw new Error(`no chunk for ${absent.join(', ')}`)
  const files = new Set([...seen].map((key) => manifest[key].file).filter((file) => file.endsWith('.js')))
  const total = [...files].reduce((sum, file) => sum + size(file), 0)
  const verdict = total <= LIMIT ? 'ok' : 'TOO LARGE'
  failed ||= total > LIMIT
  console.log(`${name}: ${(total / 1024).toFixed(1)} kB of ${LIMIT / 1024} kB gzip in ${files.size} files, ${verdict}`)
}
process.exit(failed ? 1 : 0)
