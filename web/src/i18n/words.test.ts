import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { NAMESPACES } from '.'

const root = join(process.cwd(), 'src')

function words(language: string, namespace: string): Set<string> {
  const found = new Set<string>()
  const walk = (value: unknown, path: string) => {
    if (typeof value === 'string') found.add(path.replace(/_(one|other)$/, ''))
    else if (value && typeof value === 'object')
      for (const [key, inner] of Object.entries(value)) walk(inner, path ? `${path}.${key}` : key)
  }
  walk(JSON.parse(readFileSync(join(root, 'i18n', language, `${namespace}.json`), 'utf8')), '')
  return found
}

/** Keys named literally in the source: t('…'), with the namespace of that file's useTranslation. */
function used(): { file: string; key: string }[] {
  const keys: { file: string; key: string }[] = []
  for (const file of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
    if (!/\.tsx?$/.test(file) || file.includes('.test.')) continue
    const text = readFileSync(join(root, file), 'utf8')
    const namespace = /useTranslation\(\[?'([a-z]+)'/.exec(text)?.[1] ?? 'common'
    if (!/useTranslation\(/.test(text)) continue
    for (const [, key] of text.matchAll(/(?<![\w.])t\(\s*'([^']+)'/g)) {
      if (key) keys.push({ file, key: key.includes(':') ? key : `${namespace}:${key}` })
    }
  }
  return keys
}

describe('words', () => {
  it.each(NAMESPACES)('%s is complete in both languages', (namespace) => {
    const chinese = words('zh-CN', namespace)
    const english = words('en', namespace)
    expect([...chinese].filter((key) => !english.has(key))).toEqual([])
    expect([...english].filter((key) => !chinese.has(key))).toEqual([])
  })

  it('has every word that the source names', () => {
    const known = new Set(NAMESPACES.flatMap((space) => [...words('zh-CN', space)].map((key) => `${space}:${key}`)))
    const missing = used().filter(({ key }) => !known.has(key))
    expect(missing.map(({ file, key }) => `${file}: ${key}`)).toEqual([])
  })
})
