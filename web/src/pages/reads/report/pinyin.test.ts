// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { fit, initials, search } from './pinyin'

describe('initials', () => {
  it.each([
    ['窦性心律', 'dxxl'],
    ['正常心电图', 'zcxdt'],
    ['急性前壁心肌梗死', 'jxqbxjgs'],
    ['完全性左束支传导阻滞', 'wqxzszcdzz'],
    ['心房颤动', 'xfcd'],
    ['室性早搏', 'sxzb'],
    ['预激综合征', 'yjzhz'],
    ['ST段抬高', 'stdtg'],
    ['二度Ⅱ型', 'edx'],
    ['QTc 延长', 'qtcyc'],
    ['房室传导阻滞,三度', 'fscdzzsd'],
    ['偶发', 'of'],
    ['T波高尖', 'tbgj'],
    ['肢导联低电压', 'zdlddy'],
    ['心率 60 次/分', 'xl60cf'],
    ['', ''],
  ])('%s → %s', (text, expected) => {
    expect(initials(text)).toBe(expected)
  })
})

describe('search', () => {
  const words = ['窦性心动过速', '窦性心律', '心房颤动', 'Atrial fibrillation']
  const find = (typed: string) => search(words, (word) => [word], typed)

  it('finds by Chinese, by initials and by English, best first', () => {
    expect(find('窦性')).toEqual(['窦性心动过速', '窦性心律'])
    expect(find('dxxl')).toEqual(['窦性心律'])
    expect(find('xf')).toEqual(['心房颤动'])
    expect(find('fib')).toEqual(['Atrial fibrillation'])
    expect(find('心')).toEqual(['心房颤动', '窦性心动过速', '窦性心律'])
  })

  it('keeps everything for nothing typed and nothing for nonsense', () => {
    expect(find(' ')).toEqual(words)
    expect(find('qqq')).toEqual([])
  })

  it('ranks a start before an inside', () => {
    expect(fit(['心房颤动'], '心')).toBe(0)
    expect(fit(['心房颤动'], '颤')).toBe(1)
    expect(fit(['心房颤动'], 'cd')).toBe(2)
    expect(fit(['心房颤动'], 'x y')).toBeNull()
  })
})
