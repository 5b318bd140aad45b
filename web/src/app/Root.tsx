import { ConfigProvider, theme, type ThemeConfig } from 'antd'
import type { Locale } from 'antd/es/locale'
import enUS from 'antd/es/locale/en_US'
import zhCN from 'antd/es/locale/zh_CN'
import { Suspense, useLayoutEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Outlet, ScrollRestoration } from 'react-router'
import { Loading, usePhone } from '@/ui'
import { cssVariables, dark, fontFamily, light, radius, size } from '@/ui/tokens'
import { useHandle } from './useHandle'

function antTheme(isDark: boolean, phone: boolean): ThemeConfig {
  const palette = isDark ? dark : light
  return {
    algorithm: isDark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      colorPrimary: palette.accent,
      colorInfo: palette.accent,
      colorLink: palette.accentText,
      colorLinkHover: palette.accentText,
      colorError: isDark ? '#e5534b' : light.critical,
      colorBgLayout: palette.page,
      colorBgContainer: palette.panel,
      colorBgElevated: palette.raised,
      colorBorder: isDark ? '#4a5666' : '#c3cbd6',
      colorBorderSecondary: palette.line,
      colorText: palette.text,
      colorTextSecondary: palette.muted,
      colorTextDescription: palette.muted,
      colorTextPlaceholder: isDark ? '#98a4b3' : '#667180',
      borderRadius: radius.normal,
      fontFamily,
      fontSize: phone ? size.bodyPhone : size.body,
      controlHeight: phone ? size.touch : 36,
      boxShadow: 'none',
      boxShadowSecondary: `0 0 0 1px ${palette.line}`,
      motionDurationMid: '0.1s',
      motionDurationSlow: '0.15s',
    },
    components: {
      Button: {
        primaryShadow: 'none',
        defaultShadow: 'none',
        dangerShadow: 'none',
        // The kit's paler hover colour is not readable on white.
        defaultHoverColor: palette.accentText,
        defaultHoverBorderColor: palette.accentText,
      },
    },
  }
}

function useAntLocale(): Locale {
  const { i18n } = useTranslation()
  // The kit itself carries English; asking for it later would save nothing.
  return i18n.language === 'en' ? enUS : zhCN
}

/** Theme, language of the kit, and colours of the page, by the route that is shown. */
export function Root() {
  const handle = useHandle()
  const isDark = handle.dark ?? false
  const phone = usePhone()
  const locale = useAntLocale()
  const config = useMemo(() => antTheme(isDark, phone), [isDark, phone])
  useLayoutEffect(() => {
    const style = document.documentElement.style
    const variables = cssVariables(isDark ? dark : light)
    for (const [name, value] of Object.entries(variables)) style.setProperty(name, value)
    style.setProperty('--dk-font', fontFamily)
    style.colorScheme = isDark ? 'dark' : 'light'
  }, [isDark])
  return (
    <ConfigProvider theme={config} locale={locale} button={{ autoInsertSpace: false }}>
      <Suspense fallback={<Loading />}>
        <Outlet />
      </Suspense>
      <ScrollRestoration />
    </ConfigProvider>
  )
}
