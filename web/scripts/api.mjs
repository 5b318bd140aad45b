// Types of the API from its OpenAPI document: npm run api [-- path/to/openapi.json]
import { existsSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import openapiTS, { astToString } from 'openapi-typescript'

const source = resolve(process.argv[2] ?? '../build/openapi.json')
if (!existsSync(source)) {
  console.error(`No OpenAPI document at ${source}. Write one with: duikou openapi > build/openapi.json`)
  process.exit(2)
}
const types = astToString(await openapiTS(pathToFileURL(source), { alphabetize: true }))
writeFileSync('src/api/schema.d.ts', `// Generated from the OpenAPI document by "npm run api". Do not edit.\n\n${types}`)
