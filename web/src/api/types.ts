import type { Readable } from 'openapi-typescript-helpers'
import type { components, paths } from './schema'

/** A model of the API by its name in the OpenAPI document, as the client hands it out. */
export type Model<Name extends keyof components['schemas']> = Readable<components['schemas'][Name]>

/** What a route takes as its body, for models whose names differ between areas only by their place. */
export type Body<Path extends keyof paths, Method extends 'post' | 'put' | 'patch'> = paths[Path] extends Record<
  Method,
  { requestBody: { content: { 'application/json': infer Content } } }
>
  ? Content
  : never

export type Role = Model<'Role'>
export type Person = Model<'PersonView'>
export type LoginView = Model<'LoginView'>
