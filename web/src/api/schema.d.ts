// Generated from the OpenAPI document by "npm run api". Do not edit.

export interface paths {
    "/api/agenda": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What I can join today, and what waits for me */
        get: operations["get_agenda"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/agreements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Agreements of my organisation */
        get: operations["list_agreements"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/agreements/{agreement_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One agreement with its yearly plans */
        get: operations["get_agreement"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/agreements/{agreement_id}/pack": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The evidence pack of an agreement, to be verified offline */
        get: operations["export_agreement_pack"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/attachments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Files of one object */
        get: operations["list_attachments"];
        put?: never;
        /** Attach a file: the body is the file, the header X-File-Name its percent-encoded name */
        post: operations["upload_attachment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/attachments/{attachment_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The file itself; takes Range */
        get: operations["download_attachment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
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
    "/api/consults": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Consults that I may see, open and urgent first */
        get: operations["list_consults"];
        put?: never;
        /** Ask for a consult */
        post: operations["create_consult"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/consults/{consult_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One consult */
        get: operations["get_consult"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change a request before it is accepted */
        patch: operations["update_consult"];
        trace?: never;
    };
    "/api/consults/{consult_id}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Accept, with or without a time */
        post: operations["accept_consult"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/consults/{consult_id}/answer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Answer and send again */
        post: operations["answer_about_consult"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/consults/{consult_id}/ask": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask the requester for more */
        post: operations["ask_about_consult"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/consults/{consult_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel before it is live, with a reason */
        post: operations["cancel_consult"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/consults/{consult_id}/decline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Decline, with a reason */
        post: operations["decline_consult"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/consults/{consult_id}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End the live session for both sides */
        post: operations["end_consult"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/consults/{consult_id}/file-back": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Filed in the recipient's record */
        post: operations["file_back_consult"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/consults/{consult_id}/join": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A seat in the consult's room */
        post: operations["join_consult"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/consults/{consult_id}/opinion": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Keep the draft of the opinion */
        put: operations["save_consult_opinion"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/consults/{consult_id}/outcome": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Adopted or not; closes the consult */
        post: operations["report_consult_outcome"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/consults/{consult_id}/schedule": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Set or change the time */
        post: operations["schedule_consult"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/consults/{consult_id}/sign": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign the opinion and send it */
        post: operations["sign_consult_opinion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/consults/{consult_id}/submit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a draft to the supporting unit */
        post: operations["submit_consult"];
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
    "/api/entries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The activity log, filtered, with counts */
        get: operations["list_entries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/entries.xlsx": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The activity log as a workbook */
        get: operations["export_entries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/entries/{entry_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One entry: people, intervals, media, evidence, policy, proof */
        get: operations["get_entry"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/entries/{entry_id}/evidence/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A de-identified document behind an entry */
        get: operations["get_entry_evidence"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/lectures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lectures for my organisation */
        get: operations["list_lectures"];
        put?: never;
        /** Plan a lecture */
        post: operations["create_lecture"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/lectures/{lecture_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One lecture */
        get: operations["get_lecture"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change a lecture before it opens */
        patch: operations["update_lecture"];
        trace?: never;
    };
    "/api/lectures/{lecture_id}/announce": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Show it to the invited units */
        post: operations["announce_lecture"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/lectures/{lecture_id}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put it away */
        post: operations["archive_lecture"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/lectures/{lecture_id}/attendance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who attended, with verified minutes */
        get: operations["get_lecture_attendance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/lectures/{lecture_id}/attendance.xlsx": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The list of attendance as a spreadsheet */
        get: operations["export_lecture_attendance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/lectures/{lecture_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel before it begins, with a reason */
        post: operations["cancel_lecture"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/lectures/{lecture_id}/encoder": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** An address and a token for the lecturer's encoder (WHIP) */
        post: operations["issue_lecture_encoder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/lectures/{lecture_id}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End it for everybody */
        post: operations["end_lecture"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/lectures/{lecture_id}/join": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A seat in the lecture's room */
        post: operations["join_lecture"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/lectures/{lecture_id}/open": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Open the door for signing in */
        post: operations["open_lecture"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/lectures/{lecture_id}/speakers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let somebody in the audience speak, or stop it */
        post: operations["set_lecture_speaker"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/lectures/{lecture_id}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin */
        post: operations["start_lecture"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/log/checkpoint": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The newest signed checkpoint of the log */
        get: operations["get_checkpoint"];
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
    "/api/patients": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Patients of my organisation */
        get: operations["list_patients"];
        put?: never;
        /** Register a patient */
        post: operations["create_patient"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/patients/{patient_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One patient of my organisation */
        get: operations["get_patient"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Worklist of my side */
        get: operations["list_reads"];
        put?: never;
        /** Ask for a read */
        post: operations["create_read"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reads/{read_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One read */
        get: operations["get_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reads/{read_id}/acknowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Confirm having read the report */
        post: operations["acknowledge_read"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reads/{read_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Withdraw the request */
        post: operations["cancel_read"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reads/{read_id}/claim": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take it for reading */
        post: operations["claim_read"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reads/{read_id}/critical": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Confirm a critical value */
        post: operations["mark_read_critical"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reads/{read_id}/critical/acknowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Acknowledge the critical values */
        post: operations["acknowledge_read_critical"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reads/{read_id}/draft": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Save the draft */
        put: operations["save_read_draft"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reads/{read_id}/ecg": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the tracing is */
        get: operations["get_read_ecg"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reads/{read_id}/ecg/samples": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tracing's samples */
        get: operations["get_read_samples"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reads/{read_id}/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Upload the recording as raw body; answers what was found in it */
        put: operations["upload_read_file"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reads/{read_id}/original": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The file as received */
        get: operations["get_read_original"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reads/{read_id}/outcome": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say whether the report was adopted */
        post: operations["answer_read"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reads/{read_id}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put it back into the queue */
        post: operations["release_read"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reads/{read_id}/report.pdf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A signed report as PDF */
        get: operations["get_read_report_pdf"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reads/{read_id}/return": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send back with what to fix (退回重做) */
        post: operations["return_read"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reads/{read_id}/sign": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign the draft; again for an amendment */
        post: operations["sign_read"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reads/{read_id}/submit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send to the specialists */
        post: operations["submit_read"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reads/counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many reads stand where */
        get: operations["count_reads"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reads/terms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Report templates, findings, critical values */
        get: operations["get_read_terms"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/recordings/{recording_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One recording */
        get: operations["get_recording"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/recordings/{recording_id}/film": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The film itself; takes Range */
        get: operations["play_recording"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/recordings/{recording_id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make the film again after it failed */
        post: operations["retry_recording"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/recordings/{recording_id}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End a recording */
        post: operations["stop_recording"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/recordings/{recording_id}/ticket": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** An address for a player; noted in the audit log */
        post: operations["issue_replay_ticket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rooms/{room_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The live room of a consult or lecture, for its hosts */
        get: operations["get_room"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rooms/{room_id}/admit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let in who waits: some, or everybody */
        post: operations["admit_to_room"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rooms/{room_id}/co-host": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give the co-host role, or take it back */
        post: operations["set_room_co_host"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rooms/{room_id}/door": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lock the room; let newcomers wait */
        post: operations["set_room_door"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rooms/{room_id}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End the session for everybody */
        post: operations["end_room"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rooms/{room_id}/mute": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stop a microphone, camera or shared screen */
        post: operations["mute_in_room"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rooms/{room_id}/presence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Raise or lower one's hand; say whether anybody looks at the page */
        post: operations["set_room_presence"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rooms/{room_id}/refuse": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Turn away somebody who waits, with a reason */
        post: operations["refuse_at_room"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rooms/{room_id}/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send somebody out of the room */
        post: operations["remove_from_room"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/scores": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The supporting unit's score sheet of a period, computed from the log */
        get: operations["get_score"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/scores.xlsx": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The score sheet as a workbook */
        get: operations["export_score"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/{session_id}/recording-consent": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Write down consent to recording, or withdraw it */
        put: operations["set_recording_consent"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/{session_id}/recordings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Recordings of a session, its consent, and what one may do */
        get: operations["list_recordings"];
        put?: never;
        /** Begin to record; while one is being made, the answer is that one */
        post: operations["start_recording"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/subjects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Supporting units of this period with their scores, doubts first */
        get: operations["list_subjects"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/hooks/livekit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Events and media reports of the media server */
        post: operations["receive_livekit_webhook"];
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
        /**
         * AcceptRequest
         * @description Accept; with a time, the consult is scheduled at once.
         */
        AcceptRequest: {
            /**
             * Minutes
             * @default 30
             */
            minutes: number;
            /**
             * Starts At
             * @default null
             */
            starts_at: string | null;
        };
        /**
         * ActivityKind
         * @description What an activity entry, and an item of a yearly plan, can be.
         * @enum {string}
         */
        ActivityKind: "case_discussion" | "consult" | "ecg_read" | "lecture" | "ward_round";
        /**
         * AdmitRequest
         * @description Let in the people behind some devices, or with `everybody` all who wait.
         */
        AdmitRequest: {
            /**
             * Everybody
             * @default false
             */
            everybody: boolean;
            /** Identities */
            identities?: string[];
        };
        /** AgendaCounts */
        AgendaCounts: {
            /** Consults To Answer */
            consults_to_answer: number;
            /** Consults To Complete */
            consults_to_complete: number;
            /** Opinions To Sign */
            opinions_to_sign: number;
            /** Outcomes To Report */
            outcomes_to_report: number;
        };
        /**
         * AgendaItem
         * @description A session of today that the person can, or could, join.
         */
        AgendaItem: {
            /** Can Join */
            can_join: boolean;
            /**
             * Closes At
             * Format: date-time
             */
            closes_at: string;
            /** Id */
            id: string;
            kind: components["schemas"]["SessionKind"];
            /** Minutes */
            minutes: number;
            /**
             * Opens At
             * Format: date-time
             */
            opens_at: string;
            role: components["schemas"]["SeatRole"];
            /**
             * Starts At
             * Format: date-time
             */
            starts_at: string;
            /** State */
            state: string;
            /**
             * Title
             * @description never names the patient
             */
            title: string;
            /**
             * With Name
             * @description the other side: unit or lecturer
             */
            with_name: string;
        };
        /** AgendaView */
        AgendaView: {
            counts: components["schemas"]["AgendaCounts"];
            /**
             * Now
             * Format: date-time
             */
            now: string;
            /** Sessions */
            sessions: components["schemas"]["AgendaItem"][];
        };
        /** AgreementsView */
        AgreementsView: {
            /** Agreements */
            agreements: components["schemas"]["AgreementView"][];
        };
        /** AgreementView */
        AgreementView: {
            /** Authority Id */
            authority_id: string;
            /** Departments */
            departments: string[];
            /**
             * Ends On
             * Format: date
             */
            ends_on: string;
            /** Filed On */
            filed_on: string | null;
            /** Headcount */
            headcount: number;
            /** Id */
            id: string;
            /** In Force */
            in_force: boolean;
            /** Liaison */
            liaison: string;
            /** Number */
            number: string;
            /** Plans */
            plans: components["schemas"]["PlanView"][];
            /** Programme */
            programme: string;
            /** Recipient Id */
            recipient_id: string;
            /** Recipient Name */
            recipient_name: string;
            /**
             * Starts On
             * Format: date
             */
            starts_on: string;
            /** Supporting Id */
            supporting_id: string;
            /** Supporting Name */
            supporting_name: string;
        };
        /** AttachmentsView */
        AttachmentsView: {
            /** Attachments */
            attachments: components["schemas"]["AttachmentView"][];
        };
        /** AttachmentView */
        AttachmentView: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Filename */
            filename: string;
            /** Id */
            id: string;
            /** Media Type */
            media_type: string;
            /** Sha256 */
            sha256: string;
            /**
             * Size
             * @description bytes
             */
            size: number;
            /** Uploaded By */
            uploaded_by: string;
        };
        /**
         * AttendanceRow
         * @description One person's verified part; intervals are half-open unix seconds.
         */
        AttendanceRow: {
            /** First Joined At */
            first_joined_at: string | null;
            /** Intervals */
            intervals: [
                number,
                number
            ][];
            /** Last Left At */
            last_left_at: string | null;
            person: components["schemas"]["PersonRef"];
            /** Role */
            role: string;
            /** Speech Seconds */
            speech_seconds: number;
            /** Verified Seconds */
            verified_seconds: number;
        };
        /**
         * Basis
         * @description Whose word a recording rests on. Sorted.
         * @enum {string}
         */
        Basis: "announced" | "guardian" | "patient";
        /**
         * CheckpointView
         * @description The newest signed checkpoint (C2SP tlog-checkpoint) and how the database stands to it.
         */
        CheckpointView: {
            /** At */
            at: string;
            /**
             * Consistent
             * @description the database has a row for each entry of the log
             */
            consistent: boolean;
            /** Note */
            note: string;
            /** Origin */
            origin: string;
            /**
             * Pending
             * @description entries committed and not yet in the log
             */
            pending: number;
            /** Root */
            root: string;
            /**
             * Sealed
             * @description entries of the database that name a place in the log
             */
            sealed: number;
            /** Size */
            size: number;
            /** Vkey */
            vkey: string;
        };
        /** CheckView */
        CheckView: {
            /** Code */
            code: string;
            /** En */
            en: string;
            /** Ok */
            ok: boolean;
            /** Zh */
            zh: string;
        };
        /**
         * ClockKind
         * @enum {string}
         */
        ClockKind: "scheduled" | "wished";
        /**
         * ClockView
         * @description The moment that the row counts down to.
         */
        ClockView: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            kind: components["schemas"]["ClockKind"];
        };
        /**
         * CodeView
         * @description A stable code with what it means.
         */
        CodeView: {
            /** Code */
            code: string;
            /** En */
            en: string;
            /** Zh */
            zh: string;
        };
        /** CoHostRequest */
        CoHostRequest: {
            /** Given */
            given: boolean;
            /**
             * Identity
             * @description of a device in the room, as LiveKit has it
             */
            identity: string;
        };
        /**
         * ConsentRequest
         * @description Consent to recording as the patient or guardian gave it, or a lecture's mark that it is recorded.
         */
        ConsentRequest: {
            /**
             * @description needed when given
             * @default null
             */
            basis: components["schemas"]["Basis"] | null;
            /**
             * Given
             * @description false withdraws; a running recording stops at once
             */
            given: boolean;
        };
        /** ConsentView */
        ConsentView: {
            basis: components["schemas"]["Basis"] | null;
            /** Given */
            given: boolean;
            /** Given At */
            given_at: string | null;
            /** Withdrawn At */
            withdrawn_at: string | null;
        };
        /**
         * ConsultAction
         * @description What a person may do with a consult now: events of people, and work that changes no state.
         * @enum {string}
         */
        ConsultAction: "accept" | "answer" | "ask" | "attach" | "cancel" | "decline" | "edit" | "end" | "file_back" | "join" | "report_outcome" | "save_opinion" | "schedule" | "sign" | "submit";
        /**
         * ConsultChange
         * @description New text of a draft, or of a request that was sent back; absent fields stay.
         */
        ConsultChange: {
            /**
             * Question
             * @default null
             */
            question: string | null;
            /**
             * Summary
             * @default null
             */
            summary: string | null;
            /** @default null */
            urgency: components["schemas"]["Urgency"] | null;
            /**
             * Wished At
             * @default null
             */
            wished_at: string | null;
        };
        /**
         * ConsultClinical
         * @description What only the two treating sides see.
         */
        ConsultClinical: {
            /** Advice */
            advice: string;
            /** Attachments */
            attachments: components["schemas"]["AttachmentView"][];
            /** Notes */
            notes: components["schemas"]["NoteView"][];
            /**
             * Opinion
             * @description empty for the requester until signed
             */
            opinion: string;
            /** Outcome Reason */
            outcome_reason: string;
            patient: components["schemas"]["PatientBrief"];
            /** Question */
            question: string;
            signature: components["schemas"]["SignatureView"] | null;
            /** Summary */
            summary: string;
        };
        /** ConsultCounts */
        ConsultCounts: {
            /** By State */
            by_state: {
                [key: string]: number;
            };
            /**
             * Waiting For Me
             * @description where the next step is on my side
             */
            waiting_for_me: number;
        };
        /**
         * ConsultRequest
         * @description A request for a consult. Invite a person, a department, or the whole supporting unit.
         */
        ConsultRequest: {
            /**
             * Department Id
             * @default null
             */
            department_id: string | null;
            /** Patient Id */
            patient_id: string;
            /** Question */
            question: string;
            /**
             * Specialist Id
             * @default null
             */
            specialist_id: string | null;
            /**
             * Submit
             * @description send at once instead of keeping a draft
             * @default false
             */
            submit: boolean;
            /** Summary */
            summary: string;
            /** Supporting Id */
            supporting_id: string;
            /** @default routine */
            urgency: components["schemas"]["Urgency"];
            /**
             * Wished At
             * @default null
             */
            wished_at: string | null;
        };
        /**
         * ConsultRow
         * @description A consult in a list. `patient` and `question` are null for coordinators.
         */
        ConsultRow: {
            /** Actions */
            actions: components["schemas"]["ConsultAction"][];
            /** Agreement Id */
            agreement_id: string;
            clock: components["schemas"]["ClockView"] | null;
            /** Closes At */
            closes_at: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Demo */
            demo: boolean;
            /** Department Name */
            department_name: string;
            /**
             * Entry Id
             * @description activity entry, once closed
             */
            entry_id: string | null;
            /** Id */
            id: string;
            invited: components["schemas"]["PersonRef"] | null;
            /** Minutes */
            minutes: number | null;
            /**
             * Opens At
             * @description when the room lets people in
             */
            opens_at: string | null;
            outcome: components["schemas"]["Outcome"] | null;
            /** @description how the reader relates to the consult */
            party: components["schemas"]["Party"];
            patient: components["schemas"]["PatientBrief"] | null;
            /** Question */
            question: string | null;
            requester: components["schemas"]["PersonRef"];
            /** Requester Org Name */
            requester_org_name: string;
            specialist: components["schemas"]["PersonRef"] | null;
            /** Starts At */
            starts_at: string | null;
            state: components["schemas"]["ConsultState"];
            /** Supporting Id */
            supporting_id: string;
            /** Supporting Name */
            supporting_name: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            urgency: components["schemas"]["Urgency"];
            /** Wished At */
            wished_at: string | null;
        };
        /** ConsultsQuery */
        ConsultsQuery: {
            /**
             * Limit
             * @default 50
             */
            limit: number;
            /**
             * Mine
             * @description only those I asked for or took
             * @default false
             */
            mine: boolean;
            /**
             * Offset
             * @default 0
             */
            offset: number;
            /**
             * Open
             * @description only those not closed, declined or cancelled
             * @default false
             */
            open: boolean;
            /** State */
            state?: components["schemas"]["ConsultState"][];
            /** @default null */
            urgency: components["schemas"]["Urgency"] | null;
        };
        /**
         * ConsultState
         * @enum {string}
         */
        ConsultState: "draft" | "submitted" | "needs_information" | "accepted" | "declined" | "scheduled" | "live" | "opinion_draft" | "signed" | "filed_back" | "outcome_reported" | "closed" | "cancelled";
        /** ConsultsView */
        ConsultsView: {
            /** Consults */
            consults: components["schemas"]["ConsultRow"][];
            counts: components["schemas"]["ConsultCounts"];
            /** Total */
            total: number;
        };
        /**
         * ConsultView
         * @description One consult. `clinical` is null for coordinators.
         */
        ConsultView: {
            /** Actions */
            actions: components["schemas"]["ConsultAction"][];
            /** Agreement Id */
            agreement_id: string;
            /** Attendance */
            attendance: components["schemas"]["AttendanceRow"][];
            clinical: components["schemas"]["ConsultClinical"] | null;
            clock: components["schemas"]["ClockView"] | null;
            /** Closed At */
            closed_at: string | null;
            /** Closes At */
            closes_at: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Demo */
            demo: boolean;
            /** Department Name */
            department_name: string;
            /** Ended At */
            ended_at: string | null;
            /**
             * Entry Id
             * @description activity entry, once closed
             */
            entry_id: string | null;
            /** Id */
            id: string;
            invited: components["schemas"]["PersonRef"] | null;
            /** Live At */
            live_at: string | null;
            /** Minutes */
            minutes: number | null;
            /**
             * Opens At
             * @description when the room lets people in
             */
            opens_at: string | null;
            outcome: components["schemas"]["Outcome"] | null;
            /** @description how the reader relates to the consult */
            party: components["schemas"]["Party"];
            patient: components["schemas"]["PatientBrief"] | null;
            /** Question */
            question: string | null;
            requester: components["schemas"]["PersonRef"];
            /** Requester Org Name */
            requester_org_name: string;
            /** Signed At */
            signed_at: string | null;
            specialist: components["schemas"]["PersonRef"] | null;
            /** Starts At */
            starts_at: string | null;
            state: components["schemas"]["ConsultState"];
            /** Submitted At */
            submitted_at: string | null;
            /** Supporting Id */
            supporting_id: string;
            /** Supporting Name */
            supporting_name: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            urgency: components["schemas"]["Urgency"];
            /** Wished At */
            wished_at: string | null;
        };
        /** CorrectionView */
        CorrectionView: {
            /** Author Id */
            author_id: string;
            /** Author Name */
            author_name: string | null;
            /** Entry Id */
            entry_id: string;
            reason: components["schemas"]["CodeView"];
        };
        /** CreateReadRequest */
        CreateReadRequest: {
            /** @default ecg */
            kind: components["schemas"]["ReadKind"];
            /** Patient Id */
            patient_id: string;
            /** Question */
            question: string;
            /**
             * Supporting Id
             * @description organisation asked; an agreement must be in force
             */
            supporting_id: string;
            /**
             * Symptoms
             * @default
             */
            symptoms: string;
            /** @default routine */
            urgency: components["schemas"]["Urgency"];
        };
        /** CriticalRequest */
        CriticalRequest: {
            /** Code */
            code: string;
            /**
             * Note
             * @default
             */
            note: string;
        };
        /** CriticalView */
        CriticalView: {
            /** Acknowledged At */
            acknowledged_at: string | null;
            /** Acknowledged By Name */
            acknowledged_by_name: string;
            /** Code */
            code: string;
            /**
             * Confirmed At
             * Format: date-time
             */
            confirmed_at: string;
            /** Confirmed By Name */
            confirmed_by_name: string;
            /**
             * Due At
             * Format: date-time
             */
            due_at: string;
            /** En */
            en: string;
            /** Id */
            id: string;
            /** Note */
            note: string;
            /**
             * Seconds Left
             * @description to acknowledge; negative once late
             */
            seconds_left: number;
            /** Zh */
            zh: string;
        };
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
        /**
         * DeviceMeasurements
         * @description As the device supplied them; null where it did not.
         */
        DeviceMeasurements: {
            /** P Axis Degrees */
            p_axis_degrees: number | null;
            /** Pr Ms */
            pr_ms: number | null;
            /** Qrs Axis Degrees */
            qrs_axis_degrees: number | null;
            /** Qrs Ms */
            qrs_ms: number | null;
            /** Qt Ms */
            qt_ms: number | null;
            /** Qtc Ms */
            qtc_ms: number | null;
            /** Rate Bpm */
            rate_bpm: number | null;
            /** Rr Ms */
            rr_ms: number | null;
            /**
             * Statements
             * @description interpretation texts of the device
             */
            statements: string[];
            /** T Axis Degrees */
            t_axis_degrees: number | null;
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
         * DoorRequest
         * @description The door of the room; absent fields stay.
         */
        DoorRequest: {
            /**
             * Locked
             * @default null
             */
            locked: boolean | null;
            /**
             * Waiting
             * @description people who do not belong to the session wait
             * @default null
             */
            waiting: boolean | null;
        };
        /**
         * DoubtView
         * @description An anomaly mark, or entries that could not be verified, with the entries concerned.
         */
        DoubtView: {
            /** Code */
            code: string;
            /** Count */
            count: number;
            /** En */
            en: string;
            /** Entries */
            entries: string[];
            /** Zh */
            zh: string;
        };
        /** DraftRequest */
        DraftRequest: {
            content: components["schemas"]["ReportContent"];
            /**
             * Version
             * @description the version this replaces; 0 for the first
             */
            version: number;
        };
        /** DraftView */
        DraftView: {
            content: components["schemas"]["ReportContent"];
            /**
             * Saved At
             * Format: date-time
             */
            saved_at: string;
            /** Saved By */
            saved_by: string;
            /** Saved By Name */
            saved_by_name: string;
            /** Version */
            version: number;
        };
        /**
         * EcgView
         * @description Describes the recording whose bytes come from `/ecg/samples` (`DKECG01`, storage/readers/ecg.py).
         */
        EcgView: {
            /** Derived */
            derived: string[];
            device: components["schemas"]["DeviceMeasurements"];
            /** Duration S */
            duration_s: number;
            /**
             * Filters
             * @description of the device, Hz: low, high, notch
             */
            filters: {
                [key: string]: number;
            };
            /** Hints */
            hints: components["schemas"]["Term"][];
            /** Leads */
            leads: string[];
            /** Microvolts Per Unit */
            microvolts_per_unit: number;
            /** Missing */
            missing: string[];
            /**
             * Number
             * @description which upload this is
             */
            number: number;
            /** Original Sha256 */
            original_sha256: string;
            /** Original Size */
            original_size: number;
            own: components["schemas"]["OwnMeasurements"];
            /**
             * Quality
             * @enum {string}
             */
            quality: "good" | "fair" | "poor";
            /** Recorded At */
            recorded_at: string;
            /**
             * Samples
             * @description for each lead
             */
            samples: number;
            /** Sampling Hz */
            sampling_hz: number;
            /**
             * Sha256
             * @description of the samples document; also its ETag
             */
            sha256: string;
            /** Signal */
            signal: components["schemas"]["LeadCheckView"][];
            /** Size */
            size: number;
        };
        /**
         * Empty
         * @description No query, or no body.
         */
        Empty: Record<string, never>;
        /**
         * EncoderView
         * @description What an encoder is set up with. The token is shown once and kept nowhere.
         */
        EncoderView: {
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /** Identity */
            identity: string;
            /**
             * Path
             * @description of the WHIP address, at this page's own origin
             */
            path: string;
            /**
             * Token
             * @description the encoder's Bearer token
             */
            token: string;
        };
        /**
         * EntriesFilter
         * @description What the list and its export can be narrowed to. Days are those of the reader's organisation.
         */
        EntriesFilter: {
            /**
             * Agreement Id
             * @default null
             */
            agreement_id: string | null;
            /**
             * Creditable
             * @default null
             */
            creditable: boolean | null;
            /**
             * Doubtful
             * @description with or without anomaly marks
             * @default null
             */
            doubtful: boolean | null;
            /**
             * From
             * @description first day of start
             * @default null
             */
            from: string | null;
            /** @default null */
            kind: components["schemas"]["ActivityKind"] | null;
            /**
             * Person
             * @description somebody who took part
             * @default null
             */
            person: string | null;
            /**
             * Reason
             * @description code of a reason or of a mark
             * @default null
             */
            reason: string | null;
            /**
             * To
             * @description last day of start, counted
             * @default null
             */
            to: string | null;
            /**
             * Unit
             * @description supporting or recipient unit
             * @default null
             */
            unit: string | null;
        };
        /** EntriesQuery */
        EntriesQuery: {
            /**
             * Agreement Id
             * @default null
             */
            agreement_id: string | null;
            /**
             * Creditable
             * @default null
             */
            creditable: boolean | null;
            /**
             * Doubtful
             * @description with or without anomaly marks
             * @default null
             */
            doubtful: boolean | null;
            /**
             * From
             * @description first day of start
             * @default null
             */
            from: string | null;
            /** @default null */
            kind: components["schemas"]["ActivityKind"] | null;
            /**
             * Limit
             * @default 50
             */
            limit: number;
            /**
             * Offset
             * @default 0
             */
            offset: number;
            /**
             * Person
             * @description somebody who took part
             * @default null
             */
            person: string | null;
            /**
             * Reason
             * @description code of a reason or of a mark
             * @default null
             */
            reason: string | null;
            /**
             * To
             * @description last day of start, counted
             * @default null
             */
            to: string | null;
            /**
             * Unit
             * @description supporting or recipient unit
             * @default null
             */
            unit: string | null;
        };
        /** EntriesView */
        EntriesView: {
            /** By Kind */
            by_kind: components["schemas"]["KindCount"][];
            /**
             * Creditable
             * @description matching entries that count, corrected ones left out
             */
            creditable: number;
            /** Doubtful */
            doubtful: number;
            /** Entries */
            entries: components["schemas"]["EntrySummary"][];
            /** Limit */
            limit: number;
            /** Not Creditable */
            not_creditable: number;
            /** Offset */
            offset: number;
            /**
             * Superseded
             * @description matching entries that a correction replaced
             */
            superseded: number;
            /** Total */
            total: number;
        };
        /**
         * EntryAction
         * @description What this person may do with an entry now.
         * @enum {string}
         */
        EntryAction: "download_evidence" | "export_pack";
        /**
         * EntryState
         * @enum {string}
         */
        EntryState: "damaged" | "pending" | "verified";
        /** EntrySummary */
        EntrySummary: {
            /** Agreement Id */
            agreement_id: string;
            /** Agreement Number */
            agreement_number: string;
            /** Corrected By */
            corrected_by: string | null;
            /** Corrects */
            corrects: string | null;
            /** Creditable */
            creditable: boolean;
            /** Demo */
            demo: boolean;
            /**
             * Ended At
             * Format: date-time
             */
            ended_at: string;
            /** Id */
            id: string;
            kind: components["schemas"]["ActivityKind"];
            /** Ledger Index */
            ledger_index: number | null;
            /** Marks */
            marks: components["schemas"]["MarkView"][];
            /** People Count */
            people_count: number;
            /** Reasons */
            reasons: components["schemas"]["CodeView"][];
            /** Recipient Id */
            recipient_id: string;
            /** Recipient Name */
            recipient_name: string;
            /**
             * Recorded At
             * Format: date-time
             */
            recorded_at: string;
            /**
             * Started At
             * Format: date-time
             */
            started_at: string;
            state: components["schemas"]["EntryState"];
            /** Supporting Id */
            supporting_id: string;
            /** Supporting Name */
            supporting_name: string;
            /**
             * Verified Seconds
             * @description of everybody together
             */
            verified_seconds: number;
        };
        /** EntryView */
        EntryView: {
            /** Actions */
            actions: components["schemas"]["EntryAction"][];
            /** Agreement Id */
            agreement_id: string;
            /** Agreement Number */
            agreement_number: string;
            /**
             * Canonical
             * @description the very text that was hashed
             */
            canonical: string;
            /** Corrected By */
            corrected_by: string | null;
            correction: components["schemas"]["CorrectionView"] | null;
            /** Corrects */
            corrects: string | null;
            /** Creditable */
            creditable: boolean;
            /** Demo */
            demo: boolean;
            /**
             * Ended At
             * Format: date-time
             */
            ended_at: string;
            /** Evidence */
            evidence: components["schemas"]["EvidenceView"][];
            /** Facts */
            facts: components["schemas"]["FactView"][];
            /** Id */
            id: string;
            kind: components["schemas"]["ActivityKind"];
            /** Ledger Index */
            ledger_index: number | null;
            /** Marks */
            marks: components["schemas"]["MarkView"][];
            /** Media */
            media: components["schemas"]["MediaSummaryView"][];
            /** People */
            people: components["schemas"]["ParticipantView"][];
            /** People Count */
            people_count: number;
            plan_item: components["schemas"]["PlanItemRef"] | null;
            policy: components["schemas"]["PolicyView"];
            proof: components["schemas"]["ProofView"];
            /** Reasons */
            reasons: components["schemas"]["CodeView"][];
            /** Recipient Id */
            recipient_id: string;
            /** Recipient Name */
            recipient_name: string;
            /**
             * Recorded At
             * Format: date-time
             */
            recorded_at: string;
            /**
             * Started At
             * Format: date-time
             */
            started_at: string;
            state: components["schemas"]["EntryState"];
            /** Subject Id */
            subject_id: string;
            /** Subject Type */
            subject_type: string;
            /** Supporting Id */
            supporting_id: string;
            /** Supporting Name */
            supporting_name: string;
            /**
             * Verified Seconds
             * @description of everybody together
             */
            verified_seconds: number;
        };
        /** EvidenceView */
        EvidenceView: {
            /**
             * Available
             * @description its bytes are stored here
             */
            available: boolean;
            /**
             * Included
             * @description a de-identified document that can be downloaded
             */
            included: boolean;
            /** Media Type */
            media_type: string;
            /** Name */
            name: string;
            /** Sha256 */
            sha256: string;
            /** Size */
            size: number;
        };
        /** FactView */
        FactView: {
            /** Key */
            key: string;
            /** Value */
            value: boolean | number | string;
        };
        /**
         * Failure
         * @description Why there is no film. Sorted.
         * @enum {string}
         */
        Failure: "composing_failed" | "nothing_recorded";
        /**
         * FieldMatchView
         * @description `in_file` and `chosen` are empty for the reading side.
         */
        FieldMatchView: {
            /** Chosen */
            chosen: string;
            field: components["schemas"]["MatchField"];
            /** In File */
            in_file: string;
            result: components["schemas"]["MatchResult"];
        };
        /**
         * FileCheckView
         * @description What the server found in the file, at once, while the patient is still there.
         */
        FileCheckView: {
            /** Device Rate Bpm */
            device_rate_bpm: number | null;
            /** Duration S */
            duration_s: number;
            /**
             * Hints
             * @description what to look at or to repeat
             */
            hints: components["schemas"]["Term"][];
            /** Leads */
            leads: components["schemas"]["LeadCheckView"][];
            /**
             * Leads Derived
             * @description computed from I and II
             */
            leads_derived: string[];
            /** Leads Missing */
            leads_missing: string[];
            /** Leads Present */
            leads_present: string[];
            /**
             * Number
             * @description counts the uploads
             */
            number: number;
            /**
             * Own Rate Bpm
             * @description our own estimate, unconfirmed
             */
            own_rate_bpm: number | null;
            patient: components["schemas"]["PatientMatchView"];
            /**
             * Quality
             * @enum {string}
             */
            quality: "good" | "fair" | "poor";
            /**
             * Recorded At
             * @description local date and time as the device wrote it, ISO 8601, or empty
             */
            recorded_at: string;
            /** Sampling Hz */
            sampling_hz: number;
            /**
             * Sha256
             * @description of the original
             */
            sha256: string;
            /**
             * Size
             * @description bytes of the original
             */
            size: number;
            /**
             * Uploaded At
             * Format: date-time
             */
            uploaded_at: string;
        };
        /** FindingTerm */
        FindingTerm: {
            /** Abnormal */
            abnormal: boolean;
            /** Code */
            code: string;
            /** En */
            en: string;
            /** Group */
            group: string;
            /** Zh */
            zh: string;
        };
        /**
         * Formula
         * @description How a measure becomes points.
         * @enum {string}
         */
        Formula: "proportional" | "share" | "yes_no";
        /** GroupView */
        GroupView: {
            /** Id */
            id: string;
            /** Known Weight */
            known_weight: number;
            /** Points */
            points: number;
            title: components["schemas"]["TextView"];
            /** Weight */
            weight: number;
        };
        /**
         * IndicatorView
         * @description One line. `points` is null while its data is unknown; `missing` says what to supply.
         */
        IndicatorView: {
            /** Actual */
            actual: number;
            basis: components["schemas"]["TextView"];
            /**
             * Entries
             * @description ids of the entries behind the points
             */
            entries: string[];
            formula: components["schemas"]["Formula"];
            formula_text: components["schemas"]["TextView"];
            /** Group */
            group: string;
            /** Id */
            id: string;
            /** Missing */
            missing: components["schemas"]["TextView"][];
            /** Points */
            points: number | null;
            /**
             * Rules
             * @description the parameters of this version that apply
             */
            rules: components["schemas"]["TextView"][];
            /** Source */
            source: string;
            status: components["schemas"]["Status"];
            /** Target */
            target: number;
            title: components["schemas"]["TextView"];
            unit: components["schemas"]["TextView"];
            /** Weight */
            weight: number;
        };
        /**
         * IntervalView
         * @description Half-open, unix seconds.
         */
        IntervalView: {
            /** End */
            end: number;
            /** Start */
            start: number;
        };
        /** JoinQuery */
        JoinQuery: {
            /**
             * Again
             * @description ask anew after the host refused
             * @default false
             */
            again: boolean;
            /**
             * Device
             * @description random id of this device, kept over reloads (sessionStorage)
             * @default
             */
            device: string;
        };
        /**
         * KindCount
         * @description Entries that match, without those that were corrected.
         */
        KindCount: {
            /** Creditable */
            creditable: number;
            kind: components["schemas"]["ActivityKind"];
            /** Total */
            total: number;
        };
        /** LeadCheckView */
        LeadCheckView: {
            /** Lead */
            lead: string;
            /**
             * Problems
             * @description empty is good
             */
            problems: components["schemas"]["LeadProblem"][];
        };
        /**
         * LeadProblem
         * @description What is wrong with the signal of a lead (storage.readers).
         * @enum {string}
         */
        LeadProblem: "clipped" | "flat" | "gaps" | "noisy" | "off_electrode";
        /**
         * LectureAction
         * @enum {string}
         */
        LectureAction: "announce" | "archive" | "attendance" | "cancel" | "edit" | "end" | "join" | "open" | "speakers" | "start";
        /** LectureAttendanceRow */
        LectureAttendanceRow: {
            /**
             * Counts
             * @description reaches the floor of the programme
             */
            counts: boolean;
            /** First Joined At */
            first_joined_at: string | null;
            /** Intervals */
            intervals: [
                number,
                number
            ][];
            /** Last Left At */
            last_left_at: string | null;
            /** Organisation Name */
            organisation_name: string;
            person: components["schemas"]["PersonRef"];
            /** Role */
            role: string;
            /** Signed In At */
            signed_in_at: string | null;
            /** Speech Seconds */
            speech_seconds: number;
            /** Verified Seconds */
            verified_seconds: number;
        };
        /** LectureAttendanceView */
        LectureAttendanceView: {
            /** Ends Second */
            ends_second: number;
            /** Floor Seconds */
            floor_seconds: number;
            /** Lecture Id */
            lecture_id: string;
            /** People */
            people: components["schemas"]["LectureAttendanceRow"][];
            /**
             * Starts Second
             * @description left end of the time line, unix seconds
             */
            starts_second: number;
            state: components["schemas"]["LectureState"];
        };
        /**
         * LectureChange
         * @description Changes before it opens; absent fields stay.
         */
        LectureChange: {
            /**
             * Description
             * @default null
             */
            description: string | null;
            /**
             * Minutes
             * @default null
             */
            minutes: number | null;
            /**
             * Starts At
             * @default null
             */
            starts_at: string | null;
            /**
             * Title
             * @default null
             */
            title: string | null;
        };
        /**
         * LectureParty
         * @enum {string}
         */
        LectureParty: "audience" | "lecturer" | "manager" | "system";
        /**
         * LectureRequest
         * @description A planned lecture. Agreements name the recipient units that are invited.
         */
        LectureRequest: {
            /** Agreement Ids */
            agreement_ids: string[];
            /**
             * Announce
             * @description announce at once
             * @default false
             */
            announce: boolean;
            /**
             * Description
             * @default
             */
            description: string;
            /**
             * Lecturer Id
             * @description absent: the person who plans
             * @default null
             */
            lecturer_id: string | null;
            /**
             * Minutes
             * @default 45
             */
            minutes: number;
            /**
             * Starts At
             * Format: date-time
             */
            starts_at: string;
            /** Title */
            title: string;
        };
        /** LectureRow */
        LectureRow: {
            /** Actions */
            actions: components["schemas"]["LectureAction"][];
            /**
             * Closes At
             * Format: date-time
             */
            closes_at: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Demo */
            demo: boolean;
            /** Ended At */
            ended_at: string | null;
            /**
             * Floor Seconds
             * @description fewest seconds that count
             */
            floor_seconds: number;
            /** Id */
            id: string;
            lecturer: components["schemas"]["PersonRef"];
            /** Live At */
            live_at: string | null;
            /** Minutes */
            minutes: number;
            /**
             * My Seconds
             * @description my verified seconds so far
             */
            my_seconds: number;
            /**
             * Opens At
             * Format: date-time
             */
            opens_at: string;
            party: components["schemas"]["LectureParty"];
            /** Recipients */
            recipients: components["schemas"]["RecipientRef"][];
            /**
             * Signed In
             * @description people whose media was verified
             */
            signed_in: number;
            /**
             * Starts At
             * Format: date-time
             */
            starts_at: string;
            state: components["schemas"]["LectureState"];
            /** Supporting Id */
            supporting_id: string;
            /** Supporting Name */
            supporting_name: string;
            /** Title */
            title: string;
        };
        /** LecturesQuery */
        LecturesQuery: {
            /**
             * Limit
             * @default 50
             */
            limit: number;
            /**
             * Offset
             * @default 0
             */
            offset: number;
            /** State */
            state?: components["schemas"]["LectureState"][];
            /** @default all */
            when: components["schemas"]["LectureWhen"];
        };
        /**
         * LectureState
         * @enum {string}
         */
        LectureState: "planned" | "announced" | "open" | "live" | "ended" | "credited" | "archived" | "cancelled";
        /** LecturesView */
        LecturesView: {
            /** Lectures */
            lectures: components["schemas"]["LectureRow"][];
            /** Total */
            total: number;
        };
        /** LectureView */
        LectureView: {
            /** Actions */
            actions: components["schemas"]["LectureAction"][];
            /** Cancel Reason */
            cancel_reason: string;
            /**
             * Closes At
             * Format: date-time
             */
            closes_at: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Demo */
            demo: boolean;
            /** Description */
            description: string;
            /** Ended At */
            ended_at: string | null;
            /**
             * Floor Seconds
             * @description fewest seconds that count
             */
            floor_seconds: number;
            /** Id */
            id: string;
            lecturer: components["schemas"]["PersonRef"];
            /** Live At */
            live_at: string | null;
            /** Minutes */
            minutes: number;
            /**
             * My Seconds
             * @description my verified seconds so far
             */
            my_seconds: number;
            /**
             * Opens At
             * Format: date-time
             */
            opens_at: string;
            party: components["schemas"]["LectureParty"];
            /** Recipients */
            recipients: components["schemas"]["RecipientRef"][];
            /** Room Title */
            room_title: string;
            /**
             * Signed In
             * @description people whose media was verified
             */
            signed_in: number;
            /**
             * Starts At
             * Format: date-time
             */
            starts_at: string;
            state: components["schemas"]["LectureState"];
            /** Supporting Id */
            supporting_id: string;
            /** Supporting Name */
            supporting_name: string;
            /** Title */
            title: string;
        };
        /**
         * LectureWhen
         * @enum {string}
         */
        LectureWhen: "all" | "past" | "upcoming";
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
         * MarkView
         * @description An anomaly mark; `others` are the entries it was compared with, as far as they may be seen.
         */
        MarkView: {
            /** Code */
            code: string;
            /** En */
            en: string;
            /** Others */
            others: string[];
            /** Zh */
            zh: string;
        };
        /**
         * MatchField
         * @enum {string}
         */
        MatchField: "name" | "sex" | "birth_date" | "local_no";
        /**
         * MatchResult
         * @enum {string}
         */
        MatchResult: "match" | "differs" | "absent";
        /**
         * MediaSummaryView
         * @description What arrived of one person's audio or video, over all reports that the entry names.
         */
        MediaSummaryView: {
            /** Bytes */
            bytes: number;
            /** Kind */
            kind: string;
            /** Lost */
            lost: number;
            /** Media */
            media: components["schemas"]["IntervalView"][];
            /** Muted */
            muted: components["schemas"]["IntervalView"][];
            /** Muted Seconds */
            muted_seconds: number;
            /** Name */
            name: string | null;
            /** Packets */
            packets: number;
            /** Person Id */
            person_id: string;
            /** Reports */
            reports: number;
            /** Seconds */
            seconds: number;
            /** Source */
            source: string;
            /** Speech */
            speech: components["schemas"]["IntervalView"][];
            /** Speech Seconds */
            speech_seconds: number;
        };
        /** MessageRequest */
        MessageRequest: {
            /** Message */
            message: string;
        };
        /**
         * MuteRequest
         * @description Stop what one device sends. Nothing is ever opened from afar.
         */
        MuteRequest: {
            /**
             * Identity
             * @description of a device in the room, as LiveKit has it
             */
            identity: string;
            kind: components["schemas"]["TrackKind"];
        };
        /** NoteView */
        NoteView: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            author: components["schemas"]["PersonRef"];
            /**
             * Kind
             * @description ask, answer, decline or cancel
             */
            kind: string;
            /** Text */
            text: string;
        };
        /** OpinionRequest */
        OpinionRequest: {
            /**
             * Advice
             * @description what to do next
             * @default
             */
            advice: string;
            /**
             * Opinion
             * @description what the specialist finds and thinks
             */
            opinion: string;
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
         * Outcome
         * @enum {string}
         */
        Outcome: "adopted" | "not_adopted";
        /** OwnerQuery */
        OwnerQuery: {
            /** Owner Id */
            owner_id: string;
            owner_type: components["schemas"]["OwnerType"];
        };
        /**
         * OwnerType
         * @description Kinds of object that files can be attached to. Sorted.
         * @enum {string}
         */
        OwnerType: "consult";
        /**
         * OwnMeasurements
         * @description Ours; unconfirmed until a specialist says otherwise.
         */
        OwnMeasurements: {
            /** Beats */
            beats: number | null;
            /**
             * Confirmed
             * @default false
             * @constant
             */
            confirmed: false;
            /** Rate Bpm */
            rate_bpm: number | null;
            /** Rr Max Ms */
            rr_max_ms: number | null;
            /** Rr Min Ms */
            rr_min_ms: number | null;
        };
        /**
         * ParameterView
         * @description One number of the programme version that judged the entry.
         */
        ParameterView: {
            /** En */
            en: string;
            /** Id */
            id: string;
            /** Source */
            source: string;
            /** Unit */
            unit: string;
            /** Value */
            value: string;
            /** Zh */
            zh: string;
        };
        /**
         * ParticipantView
         * @description `name` is looked up now; it is null when the person is no longer known here.
         */
        ParticipantView: {
            /** Intervals */
            intervals: components["schemas"]["IntervalView"][];
            /** Name */
            name: string | null;
            /** Organisation Id */
            organisation_id: string;
            /** Organisation Name */
            organisation_name: string;
            /** Person Id */
            person_id: string;
            role: components["schemas"]["CodeView"];
            /** Title */
            title: string;
            /** Verified Seconds */
            verified_seconds: number;
        };
        /**
         * Party
         * @description How a person relates to a consult.
         * @enum {string}
         */
        Party: "coordinator" | "requester" | "specialist" | "system";
        /**
         * PatientBrief
         * @description The patient as far as this reader needs it; the name is shortened outside the own organisation.
         */
        PatientBrief: {
            /**
             * Age
             * @description full years on the day of asking
             */
            age: number | null;
            /** Id */
            id: string;
            /** Name */
            name: string;
            sex: components["schemas"]["Sex"];
        };
        /** PatientMatchView */
        PatientMatchView: {
            /** Fields */
            fields: components["schemas"]["FieldMatchView"][];
            /**
             * Must Confirm
             * @description submit needs confirm_mismatch
             */
            must_confirm: boolean;
            result: components["schemas"]["MatchResult"];
        };
        /** PatientOfRead */
        PatientOfRead: {
            /** Age */
            age: number | null;
            /**
             * Id
             * @description empty for the reading side
             */
            id: string;
            /** Local No */
            local_no: string;
            /** Name */
            name: string;
            sex: components["schemas"]["Sex"];
        };
        /** PatientRequest */
        PatientRequest: {
            /**
             * Birth Date
             * @default null
             */
            birth_date: string | null;
            /**
             * Local No
             * @default
             */
            local_no: string;
            /** Name */
            name: string;
            sex: components["schemas"]["Sex"];
        };
        /** PatientsQuery */
        PatientsQuery: {
            /**
             * Search
             * @description part of the name or of the local number
             * @default
             */
            search: string;
        };
        /** PatientsView */
        PatientsView: {
            /** Patients */
            patients: components["schemas"]["PatientView"][];
        };
        /** PatientView */
        PatientView: {
            /** Birth Date */
            birth_date: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Demo */
            demo: boolean;
            /** Id */
            id: string;
            /** Local No */
            local_no: string;
            /** Name */
            name: string;
            sex: components["schemas"]["Sex"];
        };
        /** PersonRef */
        PersonRef: {
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** Organisation Id */
            organisation_id: string;
            /** Title */
            title: string;
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
        /** PlanItemRef */
        PlanItemRef: {
            /** Id */
            id: string;
            kind: components["schemas"]["ActivityKind"];
            /** Target */
            target: number;
            /** Year */
            year: number;
        };
        /** PlanItemView */
        PlanItemView: {
            /** Id */
            id: string;
            kind: components["schemas"]["ActivityKind"];
            /** Note */
            note: string;
            /** Target */
            target: number;
            /** Unit */
            unit: string;
        };
        /** PlanView */
        PlanView: {
            /** Accepted On */
            accepted_on: string | null;
            /** Filed On */
            filed_on: string | null;
            /** Id */
            id: string;
            /** Items */
            items: components["schemas"]["PlanItemView"][];
            /** Year */
            year: number;
        };
        /** PolicyView */
        PolicyView: {
            /** Effective From */
            effective_from: string | null;
            /**
             * Known
             * @description this house holds that version
             */
            known: boolean;
            /** Programme */
            programme: string;
            /** Rules */
            rules: components["schemas"]["ParameterView"][];
            title: components["schemas"]["TextView"];
            /** Version */
            version: string;
        };
        /**
         * PresenceRequest
         * @description What one device of one's own shows of the person; absent fields stay.
         */
        PresenceRequest: {
            /**
             * Away
             * @description nobody looks at the page
             * @default null
             */
            away: boolean | null;
            /**
             * Hand
             * @description raised
             * @default null
             */
            hand: boolean | null;
            /**
             * Identity
             * @description of a device in the room, as LiveKit has it
             */
            identity: string;
        };
        /** @description RFC 9457 problem document. */
        Problem: {
            /** @enum {string} */
            code: "admission_refused" | "agreement_not_in_force" | "already_claimed" | "body_too_large" | "demo_off" | "evidence_damaged" | "file_empty" | "file_refused" | "internal" | "invalid_request" | "join_too_early" | "login_failed" | "media_unavailable" | "method_not_allowed" | "not_allowed" | "not_found" | "not_ready" | "origin_refused" | "patient_mismatch" | "recording_disk_full" | "recording_no_consent" | "recording_withheld" | "report_refused" | "room_locked" | "session_expired" | "session_over" | "too_many_requests" | "unsupported_media_type" | "version_conflict" | "webhook_malformed" | "webhook_refused" | "wrong_state";
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
         * ProofView
         * @description The live check, and what anyone needs to repeat it (RFC 6962). Hashes in hex, root in base64.
         */
        ProofView: {
            /** Checkpoint */
            checkpoint: string;
            /** Checks */
            checks: components["schemas"]["CheckView"][];
            /** Leaf Hash */
            leaf_hash: string;
            /** Ledger Index */
            ledger_index: number | null;
            /** Path */
            path: string[];
            /** Root */
            root: string;
            state: components["schemas"]["EntryState"];
            /** Tree Size */
            tree_size: number;
            /** Vkey */
            vkey: string;
        };
        /**
         * Rank
         * @description What a person may do to others in the room.
         * @enum {string}
         */
        Rank: "co_host" | "host" | "member";
        /**
         * ReadCountsBySide
         * @description Of my organisation, as the unit that reads and as the unit that asks.
         */
        ReadCountsBySide: {
            reader: components["schemas"]["ReadCountsView"];
            requester: components["schemas"]["ReadCountsView"];
        };
        /**
         * ReadCountsView
         * @description Numbers only; also for coordinators.
         */
        ReadCountsView: {
            /** Critical Open */
            critical_open: number;
            /** Done */
            done: number;
            /** Emergency Waiting */
            emergency_waiting: number;
            /** In Progress */
            in_progress: number;
            /** Late */
            late: number;
            /** Queued */
            queued: number;
            /** Returned */
            returned: number;
            /**
             * Signed
             * @description signed, waiting to be acknowledged
             */
            signed: number;
        };
        /**
         * ReadEvent
         * @description What people do to a read; also the names of the buttons (`actions`).
         * @enum {string}
         */
        ReadEvent: "attach" | "submit" | "cancel" | "claim" | "release" | "return" | "save_draft" | "sign" | "amend" | "mark_critical" | "acknowledge_critical" | "acknowledge" | "adopt" | "not_adopt";
        /**
         * ReadKind
         * @enum {string}
         */
        ReadKind: "ecg";
        /**
         * ReadRowView
         * @description One line of a list. The patient's name is empty in the supporting unit's queue.
         */
        ReadRowView: {
            /** Claimed By */
            claimed_by: string | null;
            /** Claimed By Name */
            claimed_by_name: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Critical
             * @description has a confirmed critical value
             */
            critical: boolean;
            /**
             * Critical Open
             * @description … which nobody acknowledged yet
             */
            critical_open: boolean;
            /** Demo */
            demo: boolean;
            /** Due At */
            due_at: string | null;
            /** Id */
            id: string;
            kind: components["schemas"]["ReadKind"];
            /** Late */
            late: boolean;
            /**
             * Mine
             * @description I asked for it, or I claimed it
             */
            mine: boolean;
            /** Patient Age */
            patient_age: number | null;
            /** Patient Name */
            patient_name: string;
            patient_sex: components["schemas"]["Sex"];
            /** Requester Name */
            requester_name: string;
            /** Requesting Id */
            requesting_id: string;
            /** Requesting Name */
            requesting_name: string;
            /**
             * Seconds Left
             * @description to the deadline; negative once late
             */
            seconds_left: number | null;
            side: components["schemas"]["Side"];
            /** Signed At */
            signed_at: string | null;
            state: components["schemas"]["ReadState"];
            /** Submitted At */
            submitted_at: string | null;
            /** Supporting Id */
            supporting_id: string;
            /** Supporting Name */
            supporting_name: string;
            /**
             * Unread
             * @description signed, not yet acknowledged
             */
            unread: boolean;
            urgency: components["schemas"]["Urgency"];
            /**
             * Versions
             * @description signed versions of the report
             */
            versions: number;
        };
        /** ReadsQuery */
        ReadsQuery: {
            /**
             * Group
             * @description open: not yet acknowledged, cancelled or answered
             * @default all
             * @enum {string}
             */
            group: "open" | "done" | "all";
            /**
             * Limit
             * @default 50
             */
            limit: number;
            /**
             * Mine
             * @default false
             */
            mine: boolean;
            /**
             * Offset
             * @default 0
             */
            offset: number;
            /**
             * Organisation Id
             * @description the organisation on the other side
             * @default
             */
            organisation_id: string;
            /**
             * Search
             * @description part of the other organisation's name
             * @default
             */
            search: string;
            /**
             * @description empty: by role
             * @default null
             */
            side: components["schemas"]["Side"] | null;
            /** State */
            state?: components["schemas"]["ReadState"][];
            /** @default null */
            urgency: components["schemas"]["Urgency"] | null;
        };
        /**
         * ReadState
         * @description DOMAIN, lifecycle of a ReadRequest.
         * @enum {string}
         */
        ReadState: "uploading" | "quality_checked" | "returned" | "queued" | "claimed" | "draft" | "signed" | "acknowledged" | "adopted" | "not_adopted" | "cancelled";
        /** ReadsView */
        ReadsView: {
            counts: components["schemas"]["ReadCountsView"];
            /**
             * Now
             * Format: date-time
             */
            now: string;
            /** Reads */
            reads: components["schemas"]["ReadRowView"][];
            /** Total */
            total: number;
        };
        /**
         * ReadView
         * @description One read with everything that this person may see.
         */
        ReadView: {
            /** Acknowledged At */
            acknowledged_at: string | null;
            /** Acknowledged By Name */
            acknowledged_by_name: string;
            /**
             * Actions
             * @description what this person may do now
             */
            actions: components["schemas"]["ReadEvent"][];
            /** Agreement Id */
            agreement_id: string;
            /** Cancel Reason */
            cancel_reason: string;
            /** Cancelled At */
            cancelled_at: string | null;
            /** Claimed At */
            claimed_at: string | null;
            /** Claimed By */
            claimed_by: string | null;
            /** Claimed By Name */
            claimed_by_name: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Critical
             * @description has a confirmed critical value
             */
            critical: boolean;
            /**
             * Critical Open
             * @description … which nobody acknowledged yet
             */
            critical_open: boolean;
            /** Criticals */
            criticals: components["schemas"]["CriticalView"][];
            /** Demo */
            demo: boolean;
            /** @description reading side only */
            draft: components["schemas"]["DraftView"] | null;
            /** Due At */
            due_at: string | null;
            /** Entry Id */
            entry_id: string | null;
            file: components["schemas"]["FileCheckView"] | null;
            /** Id */
            id: string;
            kind: components["schemas"]["ReadKind"];
            /** Late */
            late: boolean;
            /**
             * Mine
             * @description I asked for it, or I claimed it
             */
            mine: boolean;
            /** On Time */
            on_time: boolean | null;
            /** Outcome At */
            outcome_at: string | null;
            /** Outcome Reason */
            outcome_reason: string;
            patient: components["schemas"]["PatientOfRead"];
            /** Patient Age */
            patient_age: number | null;
            /** Patient Name */
            patient_name: string;
            patient_sex: components["schemas"]["Sex"];
            /** Policy Version */
            policy_version: string;
            /** Question */
            question: string;
            /** Read Minutes */
            read_minutes: number | null;
            /** @description the newest signed version */
            report: components["schemas"]["ReportView"] | null;
            /**
             * Reports
             * @description all signed versions, newest first
             */
            reports: components["schemas"]["ReportView"][];
            /** Requester Name */
            requester_name: string;
            /** Requesting Id */
            requesting_id: string;
            /** Requesting Name */
            requesting_name: string;
            /** Return Reason */
            return_reason: string;
            /** Returned At */
            returned_at: string | null;
            /**
             * Seconds Left
             * @description to the deadline; negative once late
             */
            seconds_left: number | null;
            side: components["schemas"]["Side"];
            /** Signed At */
            signed_at: string | null;
            state: components["schemas"]["ReadState"];
            /** Submitted At */
            submitted_at: string | null;
            /** Supporting Id */
            supporting_id: string;
            /** Supporting Name */
            supporting_name: string;
            /** Symptoms */
            symptoms: string;
            /**
             * Unread
             * @description signed, not yet acknowledged
             */
            unread: boolean;
            urgency: components["schemas"]["Urgency"];
            /**
             * Versions
             * @description signed versions of the report
             */
            versions: number;
        };
        /** RecipientRef */
        RecipientRef: {
            /** Agreement Id */
            agreement_id: string;
            /**
             * Entry Id
             * @description activity entry, once recorded
             */
            entry_id: string | null;
            /** Name */
            name: string;
            /** Organisation Id */
            organisation_id: string;
        };
        /**
         * RecordingAction
         * @description What a person may do with the recordings of a session. Sorted.
         * @enum {string}
         */
        RecordingAction: "consent" | "start" | "stop" | "withdraw";
        /**
         * RecordingState
         * @description Sorted.
         * @enum {string}
         */
        RecordingState: "composing" | "deleted" | "failed" | "finishing" | "ready" | "recording";
        /** RecordingsView */
        RecordingsView: {
            /** Actions */
            actions: components["schemas"]["RecordingAction"][];
            consent: components["schemas"]["ConsentView"];
            /** Recordings */
            recordings: components["schemas"]["RecordingView"][];
        };
        /** RecordingView */
        RecordingView: {
            failure: components["schemas"]["Failure"] | null;
            /** Id */
            id: string;
            /**
             * Keep Until
             * Format: date-time
             */
            keep_until: string;
            /** Ledger Index */
            ledger_index: number | null;
            /**
             * Manifest Sha256
             * @description of the list of the recorded files
             */
            manifest_sha256: string | null;
            /** Media Type */
            media_type: string;
            /**
             * Playable
             * @description ready, and consent was not withdrawn since it began
             */
            playable: boolean;
            /**
             * Progress
             * @description of making the film, per cent
             */
            progress: number;
            /** Retryable */
            retryable: boolean;
            /** Seconds */
            seconds: number | null;
            /** Segments */
            segments: components["schemas"]["SegmentView"][];
            /** Session Id */
            session_id: string;
            /**
             * Sha256
             * @description of the film
             */
            sha256: string | null;
            /**
             * Size
             * @description bytes
             */
            size: number | null;
            /**
             * Started At
             * Format: date-time
             */
            started_at: string;
            state: components["schemas"]["RecordingState"];
            stop_reason: components["schemas"]["StopReason"] | null;
            /** Stopped At */
            stopped_at: string | null;
        };
        /** RemoveRequest */
        RemoveRequest: {
            /**
             * Identity
             * @description of a device in the room, as LiveKit has it
             */
            identity: string;
            /**
             * Reason
             * @default
             */
            reason: string;
        };
        /**
         * ReportContent
         * @description A structured ECG report. A draft may be partial; signing needs rhythm and conclusion.
         */
        ReportContent: {
            /**
             * Advice
             * @default
             */
            advice: string;
            /**
             * Axis Degrees
             * @default null
             */
            axis_degrees: number | null;
            /**
             * Conclusion
             * @default
             */
            conclusion: string;
            /**
             * Findings
             * @description codes of findings
             */
            findings?: string[];
            /**
             * Pr Ms
             * @default null
             */
            pr_ms: number | null;
            /**
             * Qrs Ms
             * @default null
             */
            qrs_ms: number | null;
            /**
             * Qt Ms
             * @default null
             */
            qt_ms: number | null;
            /**
             * Qtc Ms
             * @default null
             */
            qtc_ms: number | null;
            /**
             * Rate Bpm
             * @default null
             */
            rate_bpm: number | null;
            /**
             * Rhythm
             * @description code of a rhythm
             * @default
             */
            rhythm: string;
        };
        /** ReportPdfQuery */
        ReportPdfQuery: {
            /**
             * Version
             * @description empty: the newest
             * @default null
             */
            version: number | null;
        };
        /** ReportTemplate */
        ReportTemplate: {
            /** Code */
            code: string;
            content: components["schemas"]["ReportContent"];
            /** En */
            en: string;
            /** Group */
            group: string;
            /** Zh */
            zh: string;
        };
        /**
         * ReportView
         * @description A signed version.
         */
        ReportView: {
            /** Amendment Reason */
            amendment_reason: string;
            content: components["schemas"]["ReportContent"];
            /** Normal Sha256 */
            normal_sha256: string;
            /** Original Sha256 */
            original_sha256: string;
            /** Pdf Sha256 */
            pdf_sha256: string;
            /** Pdf Size */
            pdf_size: number;
            /**
             * Sha256
             * @description of the canonical report
             */
            sha256: string;
            /**
             * Signed At
             * Format: date-time
             */
            signed_at: string;
            /** Signed By */
            signed_by: string;
            /** Signed By Licence */
            signed_by_licence: string;
            /** Signed By Name */
            signed_by_name: string;
            /** Signed By Title */
            signed_by_title: string;
            /** Version */
            version: number;
        };
        /**
         * Role
         * @description What a person does here. One person may have several.
         * @enum {string}
         */
        Role: "administrator" | "assessor" | "authority" | "coordinator" | "learner" | "lecturer" | "rural_doctor" | "specialist";
        /**
         * RoomMemberView
         * @description A person of whom a host decided something, or who waits.
         */
        RoomMemberView: {
            /** Co Host */
            co_host: boolean;
            /** Identity */
            identity: string;
            /** Organisation */
            organisation: string;
            person: components["schemas"]["PersonRef"];
            /** Reason */
            reason: string;
            standing: components["schemas"]["Standing"];
            /** Waiting Since */
            waiting_since: string | null;
        };
        /** RoomStateView */
        RoomStateView: {
            /** Locked */
            locked: boolean;
            /** Members */
            members: components["schemas"]["RoomMemberView"][];
            rank: components["schemas"]["Rank"];
            /** Waiting */
            waiting: boolean;
        };
        /**
         * RoomView
         * @description A seat in a room. `url` empty: connect to this page's own origin (ws or wss).
         */
        RoomView: {
            /** Can Publish */
            can_publish: boolean;
            /**
             * Closes At
             * Format: date-time
             */
            closes_at: string;
            /** Identity */
            identity: string;
            kind: components["schemas"]["SessionKind"];
            /**
             * Opens At
             * Format: date-time
             */
            opens_at: string;
            rank: components["schemas"]["Rank"];
            role: components["schemas"]["SeatRole"];
            /** Room */
            room: string;
            /** Title */
            title: string;
            /** Token */
            token: string;
            /** Url */
            url: string;
            /**
             * Waiting
             * @description at the door, until a host lets the person in
             */
            waiting: boolean;
        };
        /** ScheduleRequest */
        ScheduleRequest: {
            /**
             * Minutes
             * @default 30
             */
            minutes: number;
            /**
             * Starts At
             * Format: date-time
             */
            starts_at: string;
        };
        /**
         * ScoreLogView
         * @description The state of the log that the score was computed from.
         */
        ScoreLogView: {
            /** At */
            at: string;
            /**
             * Complete
             * @description the database has a row for each entry of the log
             */
            complete: boolean;
            /** Creditable */
            creditable: number;
            /**
             * Entries
             * @description entries of the period, corrected ones left out
             */
            entries: number;
            /** Root */
            root: string;
            /** Size */
            size: number;
            /** Superseded */
            superseded: number;
            /**
             * Unverified
             * @description left out: not in the log yet, or not as logged
             */
            unverified: string[];
            /**
             * Verified
             * @description complete, and every entry of the period is as it was logged
             */
            verified: boolean;
        };
        /** ScoreQuery */
        ScoreQuery: {
            /** Agreement Id */
            agreement_id: string;
            /**
             * From
             * @description first day
             * @default null
             */
            from: string | null;
            /**
             * To
             * @description last day, counted
             * @default null
             */
            to: string | null;
        };
        /** ScoreView */
        ScoreView: {
            /** Agreement Id */
            agreement_id: string;
            /** Agreement Number */
            agreement_number: string;
            /**
             * Closed
             * @description the period is over
             */
            closed: boolean;
            /** Doubts */
            doubts: components["schemas"]["DoubtView"][];
            /**
             * First Day
             * Format: date
             */
            first_day: string;
            /** Groups */
            groups: components["schemas"]["GroupView"][];
            /**
             * Highest
             * @description if everything unknown were in full
             */
            highest: number;
            /** Indicators */
            indicators: components["schemas"]["IndicatorView"][];
            /** Known Weight */
            known_weight: number;
            /**
             * Last Day
             * Format: date
             */
            last_day: string;
            log: components["schemas"]["ScoreLogView"];
            /** Pass Mark */
            pass_mark: number;
            /** Percent Of Known */
            percent_of_known: number | null;
            /**
             * Points
             * @description of what is known
             */
            points: number;
            policy_title: components["schemas"]["TextView"];
            /** Programme */
            programme: string;
            /** Recipient Id */
            recipient_id: string;
            /** Recipient Name */
            recipient_name: string;
            /** Scale */
            scale: number;
            /** Sheet */
            sheet: string;
            sheet_title: components["schemas"]["TextView"];
            /**
             * Short
             * @description what the known points lack to the pass mark
             */
            short: number;
            /** Steps */
            steps: components["schemas"]["StepView"][];
            /** Supporting Id */
            supporting_id: string;
            /** Supporting Name */
            supporting_name: string;
            /** Trend */
            trend: components["schemas"]["TrendView"][];
            /** Unknown Weight */
            unknown_weight: number;
            verdict: components["schemas"]["Verdict"];
            /** Version */
            version: string;
            /** Vetoes */
            vetoes: components["schemas"]["VetoView"][];
            /** Zone */
            zone: string;
        };
        /**
         * SeatRole
         * @enum {string}
         */
        SeatRole: "audience" | "lecturer" | "requester" | "specialist";
        /**
         * SegmentView
         * @description One run of the recorder; more than one when it had to begin anew.
         */
        SegmentView: {
            /** Crashed */
            crashed: boolean;
            /** Seconds */
            seconds: number;
            /**
             * Started At
             * Format: date-time
             */
            started_at: string;
            /** Tracks */
            tracks: number;
        };
        /** OutcomeRequest */
        server__reads__schemas__OutcomeRequest: {
            /** Adopted */
            adopted: boolean;
            /**
             * Reason
             * @description required when not adopted
             * @default
             */
            reason: string;
        };
        /** ReasonRequest */
        server__reads__schemas__ReasonRequest: {
            /** Reason */
            reason: string;
        };
        /** OutcomeRequest */
        server__sessions__schemas__OutcomeRequest: {
            outcome: components["schemas"]["Outcome"];
            /**
             * Reason
             * @description needed when not adopted
             * @default
             */
            reason: string;
        };
        /** ReasonRequest */
        server__sessions__schemas__ReasonRequest: {
            /** Reason */
            reason: string;
        };
        /**
         * SessionKind
         * @enum {string}
         */
        SessionKind: "consult" | "lecture";
        /**
         * Sex
         * @description DICOM PS3.3 C.7.1.1 (0010,0040), and U for unknown.
         * @enum {string}
         */
        Sex: "F" | "M" | "O" | "U";
        /**
         * Side
         * @description From which side a person looks at a read.
         * @enum {string}
         */
        Side: "requester" | "reader";
        /**
         * SignatureView
         * @description Who signed the opinion, as it stood then.
         */
        SignatureView: {
            /** Licence */
            licence: string;
            /** Name */
            name: string;
            /**
             * Sha256
             * @description of the canonical opinion
             */
            sha256: string;
            /**
             * Signed At
             * Format: date-time
             */
            signed_at: string;
            /** Signer Id */
            signer_id: string;
            /** Title */
            title: string;
        };
        /** SignRequest */
        SignRequest: {
            /**
             * Amendment Reason
             * @description required from the second version on
             * @default
             */
            amendment_reason: string;
            /**
             * Draft Version
             * @description the draft that is on the screen
             */
            draft_version: number;
        };
        /**
         * SpeakerRequest
         * @description Let somebody in the audience speak, or stop it.
         */
        SpeakerRequest: {
            /** Allowed */
            allowed: boolean;
            /** Identity */
            identity: string;
        };
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
        /**
         * Standing
         * @description What stands of a person of whom something had to be decided.
         * @enum {string}
         */
        Standing: "admitted" | "refused" | "removed" | "waiting";
        /**
         * Status
         * @enum {string}
         */
        Status: "known" | "none_due" | "pending" | "unknown";
        /** StepView */
        StepView: {
            /**
             * After
             * @description the score when this and every step before it is done
             */
            after: number;
            /**
             * Certain
             * @description the points follow from doing it, not from data not kept yet
             */
            certain: boolean;
            /** Count */
            count: number;
            /** Indicator */
            indicator: string;
            /** Points */
            points: number;
            text: components["schemas"]["TextView"];
        };
        /**
         * StopReason
         * @description Sorted.
         * @enum {string}
         */
        StopReason: "consent_withdrawn" | "disk_full" | "host" | "room_over" | "too_long";
        /** SubjectsQuery */
        SubjectsQuery: {
            /**
             * From
             * @description first day
             * @default null
             */
            from: string | null;
            /**
             * To
             * @description last day, counted
             * @default null
             */
            to: string | null;
        };
        /** SubjectsView */
        SubjectsView: {
            /**
             * First Day
             * Format: date
             */
            first_day: string;
            /**
             * Last Day
             * Format: date
             */
            last_day: string;
            /** Subjects */
            subjects: components["schemas"]["SubjectView"][];
        };
        /**
         * SubjectView
         * @description One supporting unit of this period, under one agreement.
         */
        SubjectView: {
            /** Agreement Id */
            agreement_id: string;
            /** Agreement Number */
            agreement_number: string;
            /**
             * Closed
             * @description the period is over
             */
            closed: boolean;
            /** Creditable */
            creditable: number;
            /**
             * Doubts
             * @description entries with an anomaly mark or not verified
             */
            doubts: number;
            /** Entries */
            entries: number;
            /** Highest */
            highest: number;
            /** Known Weight */
            known_weight: number;
            /** Pass Mark */
            pass_mark: number;
            /** Points */
            points: number;
            /** Recipient Id */
            recipient_id: string;
            /** Recipient Name */
            recipient_name: string;
            /** Scale */
            scale: number;
            /** Short */
            short: number;
            /** Supporting Id */
            supporting_id: string;
            /** Supporting Name */
            supporting_name: string;
            /** Unknown Weight */
            unknown_weight: number;
            verdict: components["schemas"]["Verdict"];
        };
        /**
         * SubmitReadRequest
         * @description `question`, `symptoms` and `urgency` replace what the request said, where given.
         */
        SubmitReadRequest: {
            /**
             * Confirm Mismatch
             * @description the file names another person; the doctor says it is the patient
             * @default false
             */
            confirm_mismatch: boolean;
            /**
             * Question
             * @default null
             */
            question: string | null;
            /**
             * Symptoms
             * @default null
             */
            symptoms: string | null;
            /** @default null */
            urgency: components["schemas"]["Urgency"] | null;
        };
        /**
         * Term
         * @description A code with its words.
         */
        Term: {
            /** Code */
            code: string;
            /** En */
            en: string;
            /** Zh */
            zh: string;
        };
        /**
         * TermsView
         * @description Everything a report form offers.
         */
        TermsView: {
            /** Advices */
            advices: components["schemas"]["Term"][];
            /** Criticals */
            criticals: components["schemas"]["Term"][];
            /** Findings */
            findings: components["schemas"]["FindingTerm"][];
            /** Return Reasons */
            return_reasons: components["schemas"]["Term"][];
            /** Rhythms */
            rhythms: components["schemas"]["Term"][];
            /** Templates */
            templates: components["schemas"]["ReportTemplate"][];
        };
        /** TextView */
        TextView: {
            /** En */
            en: string;
            /** Zh */
            zh: string;
        };
        /** TicketQuery */
        TicketQuery: {
            /** Ticket */
            ticket: string;
        };
        /**
         * TicketView
         * @description An address that a player can open without a header; good for one person and one recording.
         */
        TicketView: {
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /** Url */
            url: string;
        };
        /**
         * TrackKind
         * @description What a host may stop of somebody else's. Nothing of it is ever opened from afar.
         * @enum {string}
         */
        TrackKind: "camera" | "microphone" | "screen";
        /** TrendView */
        TrendView: {
            /** Done */
            done: number;
            kind: components["schemas"]["ActivityKind"];
            /** Month */
            month: string;
            /** Not Creditable */
            not_creditable: number;
            /** Planned */
            planned: number;
        };
        /**
         * TurnAwayRequest
         * @description Refuse somebody who waits, or send somebody out; the reason is shown to the person.
         */
        TurnAwayRequest: {
            /**
             * Identity
             * @description of a device in the room, as LiveKit has it
             */
            identity: string;
            /** Reason */
            reason: string;
        };
        /**
         * UploadQuery
         * @description Where the file goes. The body is the file itself.
         */
        UploadQuery: {
            /** Owner Id */
            owner_id: string;
            owner_type: components["schemas"]["OwnerType"];
        };
        /**
         * Urgency
         * @enum {string}
         */
        Urgency: "emergency" | "routine";
        /**
         * Verdict
         * @enum {string}
         */
        Verdict: "fail" | "open" | "pass" | "undetermined" | "vetoed";
        /**
         * VetoState
         * @enum {string}
         */
        VetoState: "clear" | "struck" | "unknown";
        /** VetoView */
        VetoView: {
            basis: components["schemas"]["TextView"];
            /** Entries */
            entries: string[];
            /** Id */
            id: string;
            state: components["schemas"]["VetoState"];
            title: components["schemas"]["TextView"];
        };
        /** WebhookResult */
        WebhookResult: {
            /**
             * Result
             * @description applied, repeated, late or ignored
             */
            result: string;
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
    get_agenda: {
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
                    "application/json": components["schemas"]["AgendaView"];
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_agreements: {
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
                    "application/json": components["schemas"]["AgreementsView"];
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_agreement: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                agreement_id: string;
            };
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
                    "application/json": components["schemas"]["AgreementView"];
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
            /** @description not_found */
            404: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    export_agreement_pack: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                agreement_id: string;
            };
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
                    "application/zip": string;
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
            /** @description not_found */
            404: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_attachments: {
        parameters: {
            query: {
                owner_id: string;
                owner_type: components["schemas"]["OwnerType"];
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
                    "application/json": components["schemas"]["AttachmentsView"];
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
            /** @description not_found */
            404: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    upload_attachment: {
        parameters: {
            query: {
                owner_id: string;
                owner_type: components["schemas"]["OwnerType"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Success. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AttachmentView"];
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description wrong_state */
            409: {
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
            /** @description file_empty, file_refused, invalid_request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    download_attachment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                attachment_id: string;
            };
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
                    "*/*": unknown;
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
            /** @description not_found */
            404: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
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
            /** @description not_ready */
            503: {
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
            /** @description not_ready */
            503: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_consults: {
        parameters: {
            query?: {
                limit?: number;
                /** @description only those I asked for or took */
                mine?: boolean;
                offset?: number;
                /** @description only those not closed, declined or cancelled */
                open?: boolean;
                state?: components["schemas"]["ConsultState"][];
                urgency?: components["schemas"]["Urgency"] | null;
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
                    "application/json": components["schemas"]["ConsultsView"];
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_consult: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same for every attempt; what was created is not created again */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConsultRequest"];
            };
        };
        responses: {
            /** @description Success. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsultView"];
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description agreement_not_in_force, wrong_state */
            409: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_consult: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                consult_id: string;
            };
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
                    "application/json": components["schemas"]["ConsultView"];
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
            /** @description not_found */
            404: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    update_consult: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                consult_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConsultChange"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsultView"];
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description agreement_not_in_force, wrong_state */
            409: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    accept_consult: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                consult_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AcceptRequest"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsultView"];
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description agreement_not_in_force, wrong_state */
            409: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    answer_about_consult: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                consult_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MessageRequest"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsultView"];
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description agreement_not_in_force, wrong_state */
            409: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ask_about_consult: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                consult_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MessageRequest"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsultView"];
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description agreement_not_in_force, wrong_state */
            409: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancel_consult: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                consult_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["server__sessions__schemas__ReasonRequest"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsultView"];
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description agreement_not_in_force, wrong_state */
            409: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    decline_consult: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                consult_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["server__sessions__schemas__ReasonRequest"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsultView"];
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description agreement_not_in_force, wrong_state */
            409: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    end_consult: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                consult_id: string;
            };
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
                    "application/json": components["schemas"]["ConsultView"];
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description agreement_not_in_force, wrong_state */
            409: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    file_back_consult: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                consult_id: string;
            };
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
                    "application/json": components["schemas"]["ConsultView"];
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description agreement_not_in_force, wrong_state */
            409: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    join_consult: {
        parameters: {
            query?: {
                /** @description ask anew after the host refused */
                again?: boolean;
                /** @description random id of this device, kept over reloads (sessionStorage) */
                device?: string;
            };
            header?: never;
            path: {
                consult_id: string;
            };
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
                    "application/json": components["schemas"]["RoomView"];
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
            /** @description admission_refused, not_allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description agreement_not_in_force, join_too_early, room_locked, session_over, wrong_state */
            409: {
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
            /** @description media_unavailable, not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    save_consult_opinion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                consult_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OpinionRequest"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsultView"];
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description agreement_not_in_force, wrong_state */
            409: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    report_consult_outcome: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                consult_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["server__sessions__schemas__OutcomeRequest"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsultView"];
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description agreement_not_in_force, wrong_state */
            409: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    schedule_consult: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                consult_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScheduleRequest"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsultView"];
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description agreement_not_in_force, wrong_state */
            409: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_consult_opinion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                consult_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OpinionRequest"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsultView"];
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description agreement_not_in_force, wrong_state */
            409: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    submit_consult: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                consult_id: string;
            };
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
                    "application/json": components["schemas"]["ConsultView"];
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description agreement_not_in_force, wrong_state */
            409: {
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
            /** @description not_ready */
            503: {
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
            /** @description not_ready */
            503: {
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
            /** @description not_ready */
            503: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_entries: {
        parameters: {
            query?: {
                agreement_id?: string | null;
                creditable?: boolean | null;
                /** @description with or without anomaly marks */
                doubtful?: boolean | null;
                /** @description first day of start */
                from?: string | null;
                kind?: components["schemas"]["ActivityKind"] | null;
                limit?: number;
                offset?: number;
                /** @description somebody who took part */
                person?: string | null;
                /** @description code of a reason or of a mark */
                reason?: string | null;
                /** @description last day of start, counted */
                to?: string | null;
                /** @description supporting or recipient unit */
                unit?: string | null;
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
                    "application/json": components["schemas"]["EntriesView"];
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
            /** @description not_found */
            404: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    export_entries: {
        parameters: {
            query?: {
                agreement_id?: string | null;
                creditable?: boolean | null;
                /** @description with or without anomaly marks */
                doubtful?: boolean | null;
                /** @description first day of start */
                from?: string | null;
                kind?: components["schemas"]["ActivityKind"] | null;
                /** @description somebody who took part */
                person?: string | null;
                /** @description code of a reason or of a mark */
                reason?: string | null;
                /** @description last day of start, counted */
                to?: string | null;
                /** @description supporting or recipient unit */
                unit?: string | null;
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
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
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
            /** @description not_found */
            404: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_entry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                entry_id: string;
            };
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
                    "application/json": components["schemas"]["EntryView"];
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
            /** @description not_found */
            404: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_entry_evidence: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                entry_id: string;
                name: string;
            };
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
                    "*/*": unknown;
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description evidence_damaged */
            409: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_lectures: {
        parameters: {
            query?: {
                limit?: number;
                offset?: number;
                state?: components["schemas"]["LectureState"][];
                when?: components["schemas"]["LectureWhen"];
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
                    "application/json": components["schemas"]["LecturesView"];
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_lecture: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same for every attempt; what was created is not created again */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LectureRequest"];
            };
        };
        responses: {
            /** @description Success. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LectureView"];
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description agreement_not_in_force, wrong_state */
            409: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_lecture: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lecture_id: string;
            };
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
                    "application/json": components["schemas"]["LectureView"];
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
            /** @description not_found */
            404: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    update_lecture: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lecture_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LectureChange"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LectureView"];
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description agreement_not_in_force, wrong_state */
            409: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    announce_lecture: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lecture_id: string;
            };
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
                    "application/json": components["schemas"]["LectureView"];
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description agreement_not_in_force, wrong_state */
            409: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    archive_lecture: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lecture_id: string;
            };
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
                    "application/json": components["schemas"]["LectureView"];
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description agreement_not_in_force, wrong_state */
            409: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_lecture_attendance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lecture_id: string;
            };
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
                    "application/json": components["schemas"]["LectureAttendanceView"];
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
            /** @description not_found */
            404: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    export_lecture_attendance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lecture_id: string;
            };
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
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
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
            /** @description not_found */
            404: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancel_lecture: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lecture_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["server__sessions__schemas__ReasonRequest"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LectureView"];
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description agreement_not_in_force, wrong_state */
            409: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    issue_lecture_encoder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lecture_id: string;
            };
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
                    "application/json": components["schemas"]["EncoderView"];
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
            /** @description admission_refused, not_allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description agreement_not_in_force, join_too_early, room_locked, session_over, wrong_state */
            409: {
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
            /** @description media_unavailable, not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    end_lecture: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lecture_id: string;
            };
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
                    "application/json": components["schemas"]["LectureView"];
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description agreement_not_in_force, wrong_state */
            409: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    join_lecture: {
        parameters: {
            query?: {
                /** @description ask anew after the host refused */
                again?: boolean;
                /** @description random id of this device, kept over reloads (sessionStorage) */
                device?: string;
            };
            header?: never;
            path: {
                lecture_id: string;
            };
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
                    "application/json": components["schemas"]["RoomView"];
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
            /** @description admission_refused, not_allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description agreement_not_in_force, join_too_early, room_locked, session_over, wrong_state */
            409: {
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
            /** @description media_unavailable, not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    open_lecture: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lecture_id: string;
            };
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
                    "application/json": components["schemas"]["LectureView"];
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description agreement_not_in_force, wrong_state */
            409: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    set_lecture_speaker: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lecture_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SpeakerRequest"];
            };
        };
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description wrong_state */
            409: {
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
            /** @description media_unavailable, not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    start_lecture: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lecture_id: string;
            };
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
                    "application/json": components["schemas"]["LectureView"];
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description agreement_not_in_force, wrong_state */
            409: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_checkpoint: {
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
                    "application/json": components["schemas"]["CheckpointView"];
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
            /** @description not_ready */
            503: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_patients: {
        parameters: {
            query?: {
                /** @description part of the name or of the local number */
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
                    "application/json": components["schemas"]["PatientsView"];
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_patient: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same for every attempt; what was created is not created again */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PatientRequest"];
            };
        };
        responses: {
            /** @description Success. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PatientView"];
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_patient: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                patient_id: string;
            };
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
                    "application/json": components["schemas"]["PatientView"];
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
            /** @description not_found */
            404: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_reads: {
        parameters: {
            query?: {
                /** @description open: not yet acknowledged, cancelled or answered */
                group?: "open" | "done" | "all";
                limit?: number;
                mine?: boolean;
                offset?: number;
                /** @description the organisation on the other side */
                organisation_id?: string;
                /** @description part of the other organisation's name */
                search?: string;
                /** @description empty: by role */
                side?: components["schemas"]["Side"] | null;
                state?: components["schemas"]["ReadState"][];
                urgency?: components["schemas"]["Urgency"] | null;
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
                    "application/json": components["schemas"]["ReadsView"];
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_read: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same for every attempt; what was created is not created again */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateReadRequest"];
            };
        };
        responses: {
            /** @description Success. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadView"];
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description agreement_not_in_force */
            409: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                read_id: string;
            };
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
                    "application/json": components["schemas"]["ReadView"];
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
            /** @description not_found */
            404: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    acknowledge_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                read_id: string;
            };
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
                    "application/json": components["schemas"]["ReadView"];
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description wrong_state */
            409: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancel_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                read_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["server__reads__schemas__ReasonRequest"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadView"];
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description wrong_state */
            409: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    claim_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                read_id: string;
            };
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
                    "application/json": components["schemas"]["ReadView"];
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description already_claimed, wrong_state */
            409: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    mark_read_critical: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                read_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CriticalRequest"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadView"];
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description wrong_state */
            409: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    acknowledge_read_critical: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                read_id: string;
            };
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
                    "application/json": components["schemas"]["ReadView"];
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description wrong_state */
            409: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    save_read_draft: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                read_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DraftRequest"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DraftView"];
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description version_conflict, wrong_state */
            409: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_read_ecg: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                read_id: string;
            };
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
                    "application/json": components["schemas"]["EcgView"];
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
            /** @description not_found */
            404: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_read_samples: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                read_id: string;
            };
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
                    "application/octet-stream": string;
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
            /** @description not_found */
            404: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    upload_read_file: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                read_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadView"];
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description wrong_state */
            409: {
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
            /** @description file_refused, invalid_request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_read_original: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                read_id: string;
            };
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
                    "application/dicom": string;
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
            /** @description not_found */
            404: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    answer_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                read_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["server__reads__schemas__OutcomeRequest"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadView"];
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description wrong_state */
            409: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    release_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                read_id: string;
            };
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
                    "application/json": components["schemas"]["ReadView"];
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description wrong_state */
            409: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_read_report_pdf: {
        parameters: {
            query?: {
                /** @description empty: the newest */
                version?: number | null;
            };
            header?: never;
            path: {
                read_id: string;
            };
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
                    "application/pdf": string;
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
            /** @description not_found */
            404: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    return_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                read_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["server__reads__schemas__ReasonRequest"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadsView"];
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description wrong_state */
            409: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                read_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignRequest"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadView"];
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description version_conflict, wrong_state */
            409: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    submit_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                read_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SubmitReadRequest"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadView"];
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description agreement_not_in_force, patient_mismatch, wrong_state */
            409: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    count_reads: {
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
                    "application/json": components["schemas"]["ReadCountsBySide"];
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_read_terms: {
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
                    "application/json": components["schemas"]["TermsView"];
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_recording: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recording_id: string;
            };
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
                    "application/json": components["schemas"]["RecordingView"];
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
            /** @description not_found */
            404: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    play_recording: {
        parameters: {
            query: {
                ticket: string;
            };
            header?: never;
            path: {
                recording_id: string;
            };
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
                    "*/*": unknown;
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description recording_withheld, wrong_state */
            409: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retry_recording: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recording_id: string;
            };
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
                    "application/json": components["schemas"]["RecordingView"];
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description wrong_state */
            409: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    stop_recording: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recording_id: string;
            };
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
                    "application/json": components["schemas"]["RecordingView"];
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
            /** @description not_found */
            404: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    issue_replay_ticket: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recording_id: string;
            };
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
                    "application/json": components["schemas"]["TicketView"];
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description recording_withheld, wrong_state */
            409: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_room: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room_id: string;
            };
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
                    "application/json": components["schemas"]["RoomStateView"];
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
            /** @description not_found */
            404: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    admit_to_room: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AdmitRequest"];
            };
        };
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description wrong_state */
            409: {
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
            /** @description media_unavailable, not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    set_room_co_host: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CoHostRequest"];
            };
        };
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description wrong_state */
            409: {
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
            /** @description media_unavailable, not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    set_room_door: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DoorRequest"];
            };
        };
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description wrong_state */
            409: {
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
            /** @description media_unavailable, not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    end_room: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room_id: string;
            };
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description wrong_state */
            409: {
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
            /** @description media_unavailable, not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    mute_in_room: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MuteRequest"];
            };
        };
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description wrong_state */
            409: {
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
            /** @description media_unavailable, not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    set_room_presence: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PresenceRequest"];
            };
        };
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
            /** @description not_found */
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
            /** @description media_unavailable, not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    refuse_at_room: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TurnAwayRequest"];
            };
        };
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description wrong_state */
            409: {
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
            /** @description media_unavailable, not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    remove_from_room: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RemoveRequest"];
            };
        };
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description wrong_state */
            409: {
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
            /** @description media_unavailable, not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_score: {
        parameters: {
            query: {
                agreement_id: string;
                /** @description first day */
                from?: string | null;
                /** @description last day, counted */
                to?: string | null;
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
                    "application/json": components["schemas"]["ScoreView"];
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description wrong_state */
            409: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    export_score: {
        parameters: {
            query: {
                agreement_id: string;
                /** @description first day */
                from?: string | null;
                /** @description last day, counted */
                to?: string | null;
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
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description wrong_state */
            409: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    set_recording_consent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConsentRequest"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecordingsView"];
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
            /** @description not_found */
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_recordings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session_id: string;
            };
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
                    "application/json": components["schemas"]["RecordingsView"];
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
            /** @description not_found */
            404: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    start_recording: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecordingView"];
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description recording_no_consent, wrong_state */
            409: {
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
            /** @description not_ready, recording_disk_full */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_subjects: {
        parameters: {
            query?: {
                /** @description first day */
                from?: string | null;
                /** @description last day, counted */
                to?: string | null;
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
                    "application/json": components["schemas"]["SubjectsView"];
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
            /** @description not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description wrong_state */
            409: {
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
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    receive_livekit_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/webhook+json": string;
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookResult"];
                };
            };
            /** @description webhook_malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description webhook_refused */
            401: {
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
            /** @description invalid_request, report_refused */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready */
            503: {
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
