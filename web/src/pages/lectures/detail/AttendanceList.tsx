import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { download } from '@/api/client'
import { useFormat } from '@/i18n/useFormat'
import { DataList, EmptyState, ErrorLine, Panel, QueryView, Tag, TimeLine, type DataColumn } from '@/ui'
import { useAttendance, type Attendance, type Lecture } from '../data'
import styles from './Lecture.module.css'

type Row = Attendance['people'][number]

function useColumns(): DataColumn<Row>[] {
  const { t } = useTranslation('lectures')
  const format = useFormat()
  return [
    { key: 'name', title: t('name'), card: 'title', render: (row) => row.person.name },
    { key: 'organisation', title: t('unit'), render: (row) => row.organisation_name },
    { key: 'role', title: t('role'), render: (row) => t(`roles.${row.role}`, { defaultValue: row.role }) },
    {
      key: 'joined',
      title: t('joinedAt'),
      render: (row) => (row.first_joined_at ? format.hour(row.first_joined_at) : '—'),
    },
    {
      key: 'minutes',
      title: t('verified'),
      align: 'right',
      render: (row) => format.clock(row.verified_seconds),
      sorter: (a, b) => a.verified_seconds - b.verified_seconds,
    },
    {
      key: 'counts',
      title: t('counts'),
      card: 'mark',
      render: (row) => <Tag tone={row.counts ? 'good' : 'neutral'}>{t(row.counts ? 'countsYes' : 'countsNo')}</Tag>,
    },
  ]
}

function Shown({ found }: { found: Attendance }) {
  const { t } = useTranslation('lectures')
  const format = useFormat()
  const columns = useColumns()
  return (
    <>
      <p className={styles.note}>{t('attendanceNote', { time: format.clock(found.floor_seconds) })}</p>
      <DataList
        label={t('attendance')}
        rows={found.people}
        columns={columns}
        rowKey={(row) => `${row.person.id}-${row.role}`}
        empty={<EmptyState title={t('nobody')} hint={t('nobodyHint')} />}
      />
      {found.people.length > 0 && (
        <div className={styles.line}>
          <TimeLine
            from={found.starts_second}
            to={found.ends_second}
            rows={found.people.map((row) => ({
              key: `${row.person.id}-${row.role}`,
              label: row.person.name,
              value: format.clock(row.verified_seconds),
              intervals: row.intervals,
            }))}
          />
        </div>
      )}
    </>
  )
}

/** Who attended, with verified minutes, as a table, drawn over the hour, and as a spreadsheet. */
export function AttendanceList({ lecture, live }: { lecture: Lecture; live: boolean }) {
  const { t } = useTranslation('lectures')
  const query = useAttendance(lecture.id, live)
  const [error, setError] = useState<unknown>(null)
  const save = () => {
    download(`/api/lectures/${lecture.id}/attendance.xlsx`, `${t('attendance')}-${lecture.title}.xlsx`).catch(setError)
  }
  return (
    <Panel
      title={t('attendance')}
      extra={
        <Button onClick={save} data-testid="attendance-export">
          {t('export')}
        </Button>
      }
    >
      <ErrorLine error={error} />
      <QueryView query={query}>{(found) => <Shown found={found} />}</QueryView>
    </Panel>
  )
}
