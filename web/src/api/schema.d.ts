// Generated from the OpenAPI document by "npm run api". Do not edit.

export interface paths {
    "/api/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Log in with user name and password */
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End the session */
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Exchange the refresh cookie for a new access token */
        post: operations["refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/demo/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Demo people for one-click log-in */
        get: operations["demo_accounts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/demo/enter": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Enter as a demo person */
        post: operations["demo_enter"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/directory": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Organisations, departments and staff */
        get: operations["directory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The logged-in person */
        get: operations["me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** DemoAccount */
        DemoAccount: {
            /** Name */
            name: string;
            /** Organisation */
            organisation: string;
            role: components["schemas"]["Role"];
            /** Username */
            username: string;
        };
        /** DemoAccounts */
        DemoAccounts: {
            /** Accounts */
            accounts: components["schemas"]["DemoAccount"][];
            /** Demo */
            demo: boolean;
        };
        /** DemoEnterRequest */
        DemoEnterRequest: {
            /** Username */
            username: string;
        };
        /** DepartmentView */
        DepartmentView: {
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** Organisation Id */
            organisation_id: string;
        };
        /** DirectoryQuery */
        DirectoryQuery: {
            /**
             * Organisation Id
             * @default
             */
            organisation_id: string;
            /** @default null */
            role: components["schemas"]["Role"] | null;
            /**
             * Search
             * @description part of a name, or pinyin initials
             * @default
             */
            search: string;
        };
        /** DirectoryView */
        DirectoryView: {
            /** Departments */
            departments: components["schemas"]["DepartmentView"][];
            /** Organisations */
            organisations: components["schemas"]["OrganisationView"][];
            /** Staff */
            staff: components["schemas"]["StaffView"][];
        };
        /** Done */
        Done: {
            /**
             * Done
             * @default true
             */
            done: boolean;
        };
        /**
         * Empty
         * @description No query, or no body.
         */
        Empty: Record<string, never>;
        /** LoginRequest */
        LoginRequest: {
            /** Password */
            password: string;
            /** Username */
            username: string;
        };
        /** LoginView */
        LoginView: {
            /** Access Token */
            access_token: string;
            /**
             * Expires In
             * @description seconds
             */
            expires_in: number;
            person: components["schemas"]["PersonView"];
        };
        /**
         * OrganisationKind
         * @enum {string}
         */
        OrganisationKind: "authority" | "city_hospital" | "county_hospital" | "township_centre";
        /** OrganisationView */
        OrganisationView: {
            /** Demo */
            demo: boolean;
            /** Id */
            id: string;
            kind: components["schemas"]["OrganisationKind"];
            /** Name */
            name: string;
            /** Region */
            region: string;
            /** Zone */
            zone: string;
        };
        /**
         * PersonView
         * @description The logged-in person.
         */
        PersonView: {
            /** Demo */
            demo: boolean;
            department: components["schemas"]["DepartmentView"] | null;
            /** Id */
            id: string;
            /** Licence */
            licence: string;
            /** Name */
            name: string;
            organisation: components["schemas"]["OrganisationView"];
            /** Permissions */
            permissions: string[];
            /** Roles */
            roles: components["schemas"]["Role"][];
            /** Title */
            title: string;
            /** Username */
            username: string;
        };
        /** @description RFC 9457 problem document. */
        Problem: {
            /** @enum {string} */
            code: "agreement_not_in_force" | "body_too_large" | "demo_off" | "file_empty" | "file_refused" | "internal" | "invalid_request" | "login_failed" | "method_not_allowed" | "not_allowed" | "not_found" | "not_ready" | "origin_refused" | "session_expired" | "too_many_requests" | "unsupported_media_type" | "wrong_state";
            detail: string;
            errors?: {
                message: string;
                path: string;
            }[];
            instance?: string;
            message: {
                en: string;
                zh: string;
            };
            request_id: string;
            status: number;
            title: string;
            type: string;
        };
        /**
         * Role
         * @description What a person does here. One person may have several.
         * @enum {string}
         */
        Role: "administrator" | "assessor" | "authority" | "coordinator" | "learner" | "lecturer" | "rural_doctor" | "specialist";
        /**
         * StaffView
         * @description A person as colleagues see them.
         */
        StaffView: {
            /** Department Id */
            department_id: string | null;
            /** Department Name */
            department_name: string;
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** Organisation Id */
            organisation_id: string;
            /** Organisation Name */
            organisation_name: string;
            /** Roles */
            roles: components["schemas"]["Role"][];
            /** Title */
            title: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LoginRequest"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoginView"];
                };
            };
            /** @description login_failed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description origin_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unsupported_media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description invalid_request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_many_requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description origin_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description invalid_request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    refresh: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoginView"];
                };
            };
            /** @description session_expired */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description origin_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description invalid_request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    demo_accounts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DemoAccounts"];
                };
            };
            /** @description invalid_request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    demo_enter: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DemoEnterRequest"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoginView"];
                };
            };
            /** @description origin_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description demo_off */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unsupported_media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description invalid_request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_many_requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    directory: {
        parameters: {
            query?: {
                organisation_id?: string;
                role?: components["schemas"]["Role"] | null;
                /** @description part of a name, or pinyin initials */
                search?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DirectoryView"];
                };
            };
            /** @description session_expired */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description invalid_request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonView"];
                };
            };
            /** @description session_expired */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description invalid_request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
