import type { components } from './schema'

/** A model of the API by its name in the OpenAPI document. */
export type Model<Name extends keyof components['schemas']> = components['schemas'][Name]

export type Role = Model<'Role'>
export type Person = Model<'PersonView'>
export type LoginView = Model<'LoginView'>
