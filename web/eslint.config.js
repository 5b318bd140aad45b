import js from '@eslint/js'
import jsxA11y from 'eslint-plugin-jsx-a11y'
import reactHooks from 'eslint-plugin-react-hooks'
import globals from 'globals'
import tseslint from 'typescript-eslint'

/**
 * Imports run one way: ui, api, i18n → media, viewer → pages/<area> → app; pages never import each other.
 * Another folder of src/ is always named through "@/", so that these patterns see it.
 */
const LAYERS = [['ui', 'api', 'i18n'], ['media', 'viewer'], ['pages'], ['app']]
const AREAS = ['login', 'home', 'reads', 'consults', 'lectures', 'assess', 'replay']
const climbing = {
  regex: '^(\\.\\./)+(ui|api|i18n|media|viewer|pages|app)(/|$)',
  message: 'Name another folder of src/ through "@/".',
}

function boundary(folder, forbidden) {
  return {
    files: [`src/${folder}/**/*.{ts,tsx}`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            climbing,
            ...forbidden.map((name) => ({
              regex: `^@/${name}(/|$)`,
              message: `src/${folder} may not import src/${name}.`,
            })),
          ],
        },
      ],
    },
  }
}

const layers = LAYERS.flatMap((group, index) =>
  group
    .filter((folder) => folder !== 'pages')
    .map((folder) =>
      boundary(folder, [
        ...LAYERS.slice(index + 1).flat(),
        ...(folder === 'media' ? ['viewer'] : folder === 'viewer' ? ['media'] : []),
      ]),
    ),
)
const pages = AREAS.map((area) => {
  const others = AREAS.filter((name) => name !== area)
  const rule = boundary(`pages/${area}`, ['app', ...others.map((name) => `pages/${name}`)])
  rule.rules['no-restricted-imports'][1].patterns.push({
    regex: `^(\\.\\./)+(${others.join('|')})(/|$)`,
    message: 'Pages never import each other.',
  })
  return rule
})

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'src/api/schema.d.ts'] },
  {
    files: ['src/**/*.{ts,tsx}', 'vite.config.ts'],
    extends: [
      js.configs.recommended,
      ...tseslint.configs.strictTypeChecked,
      jsxA11y.flatConfigs.recommended,
      reactHooks.configs.flat.recommended,
    ],
    languageOptions: {
      globals: globals.browser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-console': 'error',
    },
  },
  {
    files: ['scripts/*.mjs', 'eslint.config.js'],
    extends: [js.configs.recommended],
    languageOptions: { globals: globals.node },
  },
  ...layers,
  ...pages,
)
