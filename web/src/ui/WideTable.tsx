import { Table, type TableColumnType } from 'antd'
import { Link, useNavigate } from 'react-router'
import type { DataListProps } from './DataList'
import styles from './DataList.module.css'

/** The table of a `DataList`: a row opens by click anywhere; its first cell is the link for the keyboard. */
export default function WideTable(props: DataListProps<object>) {
  const navigate = useNavigate()
  const { rows, href } = props
  const size = props.pageSize ?? 20
  const columns = props.columns.map((column, place): TableColumnType<object> => ({
    key: column.key,
    title: column.title,
    render: (_value: unknown, row: object) =>
      href && place === 0 ? (
        <Link to={href(row)} data-testid={props.testid}>
          {column.render(row)}
        </Link>
      ) : (
        column.render(row)
      ),
    ...(column.align ? { align: column.align } : {}),
    ...(column.width === undefined ? {} : { width: column.width }),
    ...(column.sorter ? { sorter: column.sorter } : {}),
  }))
  return (
    <Table
      aria-label={props.label}
      className={styles.table ?? ''}
      size="middle"
      columns={columns}
      dataSource={[...rows]}
      rowKey={props.rowKey}
      scroll={{ x: 'max-content' }}
      pagination={rows.length > size ? { pageSize: size, showSizeChanger: false, placement: ['bottomEnd'] } : false}
      onRow={(row) => {
        if (!href) return {}
        const open = () => void navigate(href(row))
        return {
          'data-opens': 'true',
          onClick: (event) => {
            const clicked = event.target as HTMLElement
            if (!clicked.closest('a, button')) open()
          },
        }
      }}
    />
  )
}
