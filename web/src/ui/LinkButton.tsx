import { Button, type ButtonProps } from 'antd'
import { useHref, useLinkClickHandler } from 'react-router'

interface LinkButtonProps extends Omit<ButtonProps, 'href' | 'onClick'> {
  to: string
}

/** A button that goes to another page of this site: a link for the keyboard and for "open in a new tab". */
export function LinkButton({ to, ...rest }: LinkButtonProps) {
  const href = useHref(to)
  const go = useLinkClickHandler(to)
  return (
    <Button
      {...rest}
      href={href}
      onClick={(event) => go(event as unknown as React.MouseEvent<HTMLAnchorElement>)}
    />
  )
}
