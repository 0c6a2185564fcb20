/**
 * Every refusal that a JSON endpoint can give: its HTTP status, its message and what to do about it.
 * Messages marked (v) are wire-visible compatibility strings (docs/protocol/upload.md §11,
 * docs/protocol/media-api.md §1, §4, §5). `{name}` stands for a detail that the caller of `SluiceError` must supply.
 */
export interface ErrorEntry {
  readonly status: number;
  readonly message: string;
  readonly help: string;
  /** The `reason` of the body, where several entries have the same one; the entry's own key otherwise. */
  readonly reason?: string;
}

export const errorCatalogue = {
  // Who is asking
  SIGNATURE_AND_BASIC_AUTH: {
    status: 400, // (v) E1
    message:
      "Your request contains both signature and basic auth parameter. Use only one method, you might be exposing your private API key.",
    help: "Send either the Authorization header (from a server) or signature, expire and token (from a client), never both.",
  },
  TOKEN_AND_BASIC_AUTH: {
    status: 400, // (v) E2
    message:
      "Your request contains both token and basic auth parameter. Use only one method, you might be exposing your private API key.",
    help: "Send either the Authorization header (from a server) or the token (from a client), never both.",
  },
  PAYLOAD_MISMATCH: {
    status: 400, // (v) E3
    message: "Your request contains invalid payload. It does not match with the payload used to generate token.",
    help: "The text fields of the form, apart from file and token, must be exactly the token's claims, apart from iat and exp. They differ: {differences}. `sluice token inspect` shows both sides' values.",
  },
  TOKEN_MISSING: {
    status: 400, // (v) E4
    message: "Your request is missing token parameter.",
    help: "Send the JSON Web Token that your backend minted for this upload in the form field token, or use Basic authentication from a server.",
  },
  TOKEN_FROM_BEFORE_RESTORE: {
    status: 400,
    message: "The token was issued before the library was restored from a backup.",
    help: "After a restore nobody knows which tokens were used before it. Mint a new token: its iat must be after {after}. Tokens of a key pair that Sluice generated more than 90 seconds after the restore are accepted at once.",
  },
  TOKEN_EXPIRED: {
    status: 400, // (v) E5
    message: "Your request contains expired token.",
    help: "Mint a new token for each attempt. {lifetime}",
  },
  TOKEN_INVALID: {
    status: 400, // (v) E6
    message: "Your request has invalid token.",
    help: "{problem}",
  },
  TOKEN_USED: {
    status: 400,
    message: "The token has been used before.",
    help: "A token admits one attempt, even when that attempt failed: mint a new one. Two tokens minted in the same second for the same parameters are the same token unless their header carries a random jti.",
  },
  UPLOAD_ABANDONED: {
    status: 400,
    message: "The upload was given up by its client.",
    help: "A request for the outcome of this token was answered that nothing is stored, so this upload stores nothing. Send the file again with a new token.",
  },
  SIGNATURE_MISSING: {
    status: 400,
    message: "Your request is missing signature parameter.",
    help: "Without Basic authentication an upload through /api/v1 needs publicKey, signature, expire and token; /api/v2 takes a JSON Web Token instead. Missing: {missing}.",
  },
  SIGNATURE_INVALID: {
    status: 400, // E19
    message: "Your request contains invalid signature parameter.",
    help: "Send the lowercase hex HMAC-SHA1 of token followed by expire, under the private key that belongs to publicKey.",
  },
  SIGNATURE_FROM_BEFORE_RESTORE: {
    status: 400,
    message: "The signature may have been made before the library was restored from a backup.",
    help: "After a restore nobody knows which signatures were used before it. Sign anew with an expire after {expire}, or with a key pair that Sluice generated more than 90 seconds after the restore.",
  },
  EXPIRE_INVALID: {
    status: 400, // (v) E18
    message:
      "Your request contains invalid expire parameter. Expire parameter should be a Unix time in less than 1 hour into the future.",
    help: "Send whole seconds, not milliseconds, and sign anew for each attempt.",
  },
  SIGNED_TOKEN_USED: {
    status: 400, // (v) E7
    message:
      "The token with value '{token}' has been used before. We suggest using V4 UUIDs, or another random string with enough entropy to avoid collisions.",
    help: "A token admits one attempt, even when that attempt failed, and signing it anew does not change that. Use a new token for each attempt.",
  },
  SIGNED_TOKEN_INVALID: {
    status: 400,
    message: "Your request contains invalid token parameter.",
    help: "It must be a UUID or at least 32 hexadecimal digits, and must not be the name of a file in the root folder: a signed URL of such a file carries the same signature.",
  },
  SIGNATURES_SWITCHED_OFF: {
    status: 403,
    message: "Your account takes no uploads with a V1 signature, because --v1-uploads is off.",
    help: "A V1 signature locks none of the upload's parameters, so V1 client uploads are off unless the operator switches them on: sluice account set {imagekitId} --v1-uploads on, or --v1-uploads of the server for its configured account. A JSON Web Token with /api/v2 needs no switch.",
  },
  PRIVATE_KEY_MISSING: {
    status: 401, // (v)
    message: "Your request does not contain private API key.",
    help: "Send the header Authorization: Basic base64(privateKey + ':').",
  },
  ACCOUNT_NOT_AUTHENTICATED: {
    status: 403, // (v)
    message: "Your account cannot be authenticated.",
    help: "The key is not one of this server's. Check which key pair your program uses.",
  },
  PRIVATE_KEY_EXPIRED: {
    status: 403, // (v)
    message: "Your request contains expired private API key.",
    help: "This key pair was rotated or is no longer configured, and its grace period is over: use the current pair.",
  },
  ACCOUNT_DISABLED: {
    status: 403, // (v)
    message: "Your account is disabled.",
    help: "Ask the operator of this server to enable the account.",
  },
  KEY_NOT_ALLOWED: {
    status: 403,
    message: "Your API key does not allow this.",
    help: "The key pair has the role {role}, and this needs a pair with the role {needed}. A role never changes: sluice account create-key makes another pair.",
  },
  KEY_MAY_NOT_OVERWRITE: {
    status: 403,
    reason: "KEY_NOT_ALLOWED",
    message: "Your API key does not allow changing the file that has this name already.",
    help: "The upload would add a version to {path}, and its key pair may add new files only. Leave useUniqueFileName out, name another file, or upload with a pair that was made with --may-overwrite.",
  },
  KEY_MAY_NOT_CHANGE_VISIBILITY: {
    status: 403,
    reason: "KEY_NOT_ALLOWED",
    message: "Your API key does not allow changing who may see the file that has this name already.",
    help: "The upload sends another value of {parameter} than {path} has, and its key pair may only upload. Leave {parameter} out, so that the new version keeps the file's value, or use a pair with the role full.",
  },
  KEY_MAY_NOT_READ_HIDDEN: {
    status: 403,
    reason: "KEY_NOT_ALLOWED",
    message: "Your API key does not allow downloading private files and drafts.",
    help: "{count} of the files are private or drafts, and the key pair has the role {role}. Choose other files, or use a pair with the role full.",
  },
  KEY_PAIR_NOT_FOUND: {
    status: 404,
    message: "The requested key pair does not exist.",
    help: "Check the id; GET /_sluice/keys lists the key pairs that are in force.",
  },
  KEY_PAIR_CONFIGURED: {
    status: 409,
    message: "The key pair stands in the configuration of the servers.",
    help: "Take it out of the configuration and restart the servers first. A start would bring it back otherwise.",
  },
  KEY_PAIR_ENDING: {
    status: 409,
    message: "The key pair has an end already.",
    help: "A pair is replaced once. Use the pair that has taken its place, or make another one.",
  },
  LAST_KEY_PAIR: {
    status: 409,
    message: "The key pair is the account's last one with the role full.",
    help: "Make another pair with this role first, or rotate the pair.",
  },
  TOO_MANY_KEY_PAIRS: {
    status: 400,
    message: "An account can have a maximum of {limit} key pairs.",
    help: "Revoke pairs that nothing uses any more.",
  },
  WEBHOOK_ENDPOINT_NOT_FOUND: {
    status: 404,
    message: "The requested webhook endpoint does not exist.",
    help: "Check the id; GET /_sluice/webhooks lists the endpoints.",
  },
  WEBHOOK_ENDPOINT_CONFIGURED: {
    status: 409,
    message: "The webhook endpoint stands in the configuration of the servers.",
    help: "Change or take away --webhook-url there and restart the servers. It can be enabled and disabled here.",
  },
  WEBHOOK_ENDPOINT_DISABLED: {
    status: 409,
    message: "The webhook endpoint is disabled.",
    help: "Enable the endpoint first. A disabled endpoint gets nothing, not even earlier events.",
  },
  WEBHOOK_EVENT_NOT_FOUND: {
    status: 404,
    message: "The account has no such event.",
    help: "Check the eventId. Events are kept for a week unless the operator has set another time, and tests and webhookUrl messages can't be sent again.",
  },
  WEBHOOK_ATTEMPT_NOT_FOUND: {
    status: 404,
    message: "The requested attempt does not exist.",
    help: "Check the id; GET /_sluice/webhook-attempts lists the attempts that are still kept.",
  },
  WEBHOOK_TEST_RUNNING: {
    status: 429,
    message: "Another test of a webhook endpoint is still running.",
    help: "Wait for its answer, which takes 10 seconds at most.",
  },
  TOO_MANY_WEBHOOK_TESTS: {
    status: 429,
    message: "An account can have a maximum of {limit} tests of webhook endpoints in {span} seconds.",
    help: "Try again in {seconds} seconds. Nothing was sent.",
  },
  WEBHOOK_EVENT_WAITING: {
    status: 409,
    message: "The event is waiting to be sent to the webhook endpoint already, or very many others are.",
    help: "Wait until it has been sent. GET /_sluice/jobs lists the deliveries that are waiting.",
  },
  TOO_MANY_WEBHOOK_ENDPOINTS: {
    status: 400,
    message: "An account can have a maximum of {limit} webhook endpoints.",
    help: "Remove endpoints that nothing listens to any more.",
  },
  JOB_SELECTION_INVALID: {
    status: 400,
    message: "Your request does not say which jobs are to be tried again.",
    help: "Send either id, the id of a failed job, or name, the kind of jobs.",
  },
  JOB_NOT_FOUND: {
    status: 404,
    message: "The account has no such failed job.",
    help: "It may have been tried again already; GET /_sluice/jobs?state=failed lists the failed jobs.",
  },
  CONSOLE_SIGN_IN_FAILED: {
    status: 401,
    message: "These keys don't sign in.",
    help: "Use the public and the private key of one pair with the role full or read that is in force. `sluice console-link` signs in without keys.",
  },
  CONSOLE_LINK_INVALID: {
    status: 401,
    message: "This link doesn't sign in any more.",
    help: "A link works once and for a short time. `sluice console-link` makes a new one.",
  },
  TOO_MANY_SIGN_INS: {
    status: 429,
    message: "There were too many failed attempts to sign in.",
    help: "The right keys, and a new link by `sluice console-link`, sign in at once. Whatever else is tried is answered in this way for {seconds} seconds.",
  },
  CONSOLE_SESSION_MISSING: {
    status: 401,
    message: "You are not signed in.",
    help: "Sign in to the console at /console.",
  },
  CONSOLE_SESSION_ENDED: {
    status: 401,
    message: "Your session has ended.",
    help: "Sign in to the console again. A session ends when it is not used for a while, after some days, and with the key pair that it stands for.",
  },
  CONSOLE_SESSION_NOT_FOUND: {
    status: 404,
    message: "The requested session does not exist.",
    help: "It may have ended already. GET /_sluice/console/sessions lists the sessions of the account.",
  },
  CONSOLE_REQUEST_FOREIGN: {
    status: 403,
    message: "Your request does not come from the console's own page.",
    help: "A session is for the console itself: its requests have the header x-sluice-console: 1, and an Origin or Sec-Fetch-Site header by which the browser says that they come from this origin. Other programs use a private key.",
  },
  CONSOLE_ELSEWHERE: {
    status: 403,
    message: "The console of this server is at another address.",
    help: "Open {origin}/console. Sessions work there alone.",
  },
  CONSOLE_NEEDS_HTTPS: {
    status: 403,
    message: "The console needs HTTPS here.",
    help: "Over plain HTTP it works on the machine of the server alone, as http://localhost or http://127.0.0.1. Put a proxy with HTTPS in front of the server and name its address with --public-url, or forward the port: ssh -L 3000:127.0.0.1:3000 <server>.",
  },
  METRICS_TOKEN_WRONG: {
    status: 401,
    message: "The token for the metrics is missing or wrong.",
    help: "Send the header Authorization: Bearer <token> with the token that the operator has set with --metrics-token.",
  },

  // The request
  HTTP_INVALID: {
    status: 400,
    message: "Your request is not valid HTTP.",
    help: "The request could not be read as HTTP/1.1, or it names no host. Check the client, and the proxies between it and this server.",
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    message: "Your request's headers are too large.",
    help: "Send fewer or shorter headers; an upload's parameters belong into its form.",
  },

  // The form
  CONTENT_TYPE_INVALID: {
    status: 400,
    message: "Your request is not a multipart/form-data request.",
    help: "Send the upload as multipart/form-data with a boundary, one file per request.",
  },
  FORM_INVALID: {
    status: 400,
    message: "Your request contains an invalid multipart form.",
    help: "{problem}",
  },
  FORM_INCOMPLETE: {
    status: 400,
    message: "Your request ended before its form was complete.",
    help: "The connection or the body ended before the closing boundary; send the whole form.",
  },
  FORM_TOO_LARGE: {
    status: 400,
    message: "Your request exceeds the limit of {limit}.",
    help: "An upload carries one file and a handful of text fields; see the limits in the documentation.",
  },
  PARAMETER_REPEATED: {
    status: 400,
    message: "Your request contains the {parameter} parameter more than once.",
    help: "Send each parameter once.",
  },
  PARAMETER_TOO_LARGE: {
    status: 400,
    message: "Your request contains invalid {parameter} parameter. It exceeds {limit} bytes.",
    help: "Shorten the value.",
  },
  REQUEST_TIMEOUT: {
    status: 408,
    message: "Your request took too long.",
    help: "The body made no progress or came too slowly, or the whole request exceeded its time limit. Try again with a new token.",
  },

  // Resumable uploads
  TUS_VERSION_UNSUPPORTED: {
    status: 412,
    message: "Your request does not name a version of the tus protocol that this server speaks.",
    help: "Send the header Tus-Resumable: 1.0.0 with every request of a resumable upload but OPTIONS and GET.",
  },
  TUS_HEADER_INVALID: {
    status: 400,
    message: "Your request contains an invalid {header} header.",
    help: "{problem}",
  },
  TUS_EXTENSION_UNSUPPORTED: {
    status: 400,
    message: "Your request asks for {extension}, which this server does not offer.",
    help: "{instead} OPTIONS lists the extensions of the tus protocol that there are.",
  },
  UPLOAD_LENGTH_TOO_LARGE: {
    status: 413,
    reason: "FILE_TOO_LARGE",
    message: "Your request contains invalid file parameter. The file size exceeds {limit} bytes limit.",
    help: "Send a smaller file. The limit comes from {setBy}.",
  },
  TOO_MANY_OPEN_UPLOADS: {
    status: 429,
    message: "There are {limit} resumable uploads of {whose} that have not ended.",
    help: "Finish uploads, or delete their sessions with DELETE, before you begin others. A session that nobody goes on with ends by itself.",
  },
  UPLOAD_SESSION_NOT_FOUND: {
    status: 404,
    message: "The requested upload does not exist.",
    help: "Check the address that the creation of the upload was answered with. An upload that was deleted is not remembered.",
  },
  UPLOAD_SESSION_ENDED: {
    status: 410,
    message: "The requested upload has ended.",
    help: "Its time is over, or the server has lost bytes of it. Begin another one with a new token.",
  },
  UPLOADED_FILE_DELETED: {
    status: 410,
    message: "The upload was stored, and its file has been deleted since.",
    help: "There is nothing left to answer with. The upload itself had succeeded.",
  },
  UPLOAD_OFFSET_WRONG: {
    status: 409,
    message: "The Upload-Offset of your request is not the offset of the upload.",
    help: "The upload is at another offset. Ask for it with HEAD, and go on from there.",
  },
  UPLOAD_SESSION_BUSY: {
    status: 423,
    message: "Another request works on this upload.",
    help: "Ask for the offset with HEAD in a moment, and go on from there.",
  },
  UPLOAD_TAKEN_OVER: {
    status: 423,
    message: "A newer request has taken this upload over.",
    help: "What had come by then is kept. One client at a time sends the pieces of an upload.",
  },
  PIECE_INTERRUPTED: {
    status: 503,
    message: "Your request ended before all of its bytes were taken.",
    help: "{problem} What had come by then is kept: ask for the offset with HEAD, and go on from there.",
  },
  PIECE_BEYOND_LENGTH: {
    status: 413,
    message: "Your request sends more bytes than the upload's length leaves.",
    help: "Upload-Length is the length of the whole file.",
  },
  PIECE_TOO_LARGE: {
    status: 413,
    message: "Your request is larger than the {limit} bytes that a piece with a checksum may have.",
    help: "Send smaller pieces, or leave Upload-Checksum out. The offset is where it was.",
  },
  CHECKSUM_MISMATCH: {
    status: 460,
    message: "The bytes of your request do not have the checksum that it states.",
    help: "Nothing of the piece is kept, and the offset is where it was. Send the piece again.",
  },

  // The upload's parameters
  FILE_MISSING: {
    status: 400, // (v) E8
    message: "Your request is missing file parameter.",
    help: "Send the file as a form part named file: binary, base64, a data URI or a URL. An empty file is not accepted.",
  },
  FILE_URL_NOT_ALLOWED: {
    status: 400,
    message: "Your request contains invalid file parameter. Its URL is not one that this server fetches.",
    help: "{problem} Send an http or https URL, without credentials, of a file on the public internet, or the file itself.",
  },
  FILE_URL_UNREACHABLE: {
    status: 400,
    message: "Your request contains invalid file parameter. The file could not be downloaded from its URL.",
    help: "{problem} Check that the URL answers a plain GET request with the file.",
  },
  FILE_NAME_MISSING: {
    status: 400,
    message: "Your request is missing fileName parameter.",
    help: "Send the name under which the file is to be stored in the form field fileName.",
  },
  FILE_TOO_LARGE: {
    status: 400, // (v) E10
    message: "Your request contains invalid file parameter. The file size exceeds {limit} bytes limit.",
    help: "Send a smaller file. The limit comes from {setBy}.",
  },
  FILE_TOO_LARGE_FOR_STEP: {
    status: 413,
    message: "A file of {size} bytes is too large for {step}, which takes at most {limit} bytes.",
    help: "Send a smaller file{instead}. The operator of this server sets the limit, which is called {name}.",
  },
  FILE_INFECTED: {
    status: 400,
    message: "Your request contains invalid file parameter. The file is infected: {signature}.",
    help: "This server has every file scanned for malware, and this file matches a known signature. Nothing was stored. Send another file.",
  },
  FILE_ALREADY_EXISTS: {
    status: 400, // (v) E9
    message:
      "A file with the same name already exists at the exact location. We could not overwrite it because both overwriteFile and useUniqueFileName are set to false.",
    help: "Choose another fileName, or set overwriteFile or useUniqueFileName to true.",
  },
  FOLDER_INVALID: {
    status: 400, // (v) E20
    message: "Your request contains invalid value for folder parameter.",
    help: "{problem}",
  },
  PARAMETER_INVALID: {
    status: 400, // (v) for fileId and versionId; the same form for the others
    message: "Your request contains invalid {parameter} parameter.",
    help: "{problem}",
  },
  PARAMETER_NOT_SUPPORTED: {
    status: 400,
    message: "Your request contains the {parameter} parameter, which is not supported yet.",
    help: "This server's version cannot honour it and does not ignore it silently; leave it out.",
  },
  CHECKS_INVALID: {
    status: 400, // (v) E16
    message: "Your request contains invalid syntax for the checks parameter.",
    help: "At character {position}: {problem}.",
  },
  CHECKS_FAILED: {
    status: 400, // (v) E17
    message: "Your request failed 'checks' validation.",
    help: "This condition does not hold: {condition}",
  },
  TRANSFORMATION_INVALID: {
    status: 400, // (v) E12
    message: "The file could not be uploaded because the transformation field is invalid.",
    help: "{problem}",
  },
  TRANSFORMATION_NOT_FOR_FILE: {
    status: 400, // (v) E13
    message: "The file could not be uploaded because transformations are supported only for image and video files.",
    help: "A file's content, not its name, says what it is. This file is {mime}. Leave the transformation parameter out for such files.",
  },
  POST_TRANSFORMATION_UNFIT: {
    status: 400, // (v) E14
    message: "The file could not be uploaded because the detected file type & post-transformation are incompatible.",
    help: "transformation.{entry} is of the type {type}, which is for {wanted}, and the file is {mime}.",
  },
  EXTENSION_NAME_INVALID: {
    status: 400, // (v)
    message: "extension name is invalid",
    help: "The extensions parameter asks for '{name}', which is neither an extension of the protocol nor one that the operator of this server has added.",
  },
  EXTENSION_CONFIG_INVALID: {
    status: 400, // (v)
    message: "Invalid extension configuration.",
    help: "{problem}",
  },
  SAVED_EXTENSION_ID_INVALID: {
    status: 400, // (v)
    message: "Invalid saved extension ID.",
    help: "An id is ext_ followed by 24 characters from 0 to 9 and a to f. GET /v1/saved-extensions lists the ids.",
  },
  SAVED_EXTENSION_NOT_FOUND: {
    status: 404, // (v)
    message: "The requested saved extension does not exist.",
    help: "Check the id; GET /v1/saved-extensions lists them.",
  },
  TOO_MANY_SAVED_EXTENSIONS: {
    status: 400,
    message: "An account can have a maximum of {limit} saved extensions.",
    help: "Delete saved extensions that no request names any more.",
  },
  SAVED_EXTENSIONS_UNRESOLVED: {
    status: 400, // (v)
    message: "Failed to resolve some saved extensions",
    help: "The extensions parameter names the saved extension '{id}', which does not exist; GET /v1/saved-extensions lists them.",
  },
  STORAGE_LIMIT_EXCEEDED: {
    status: 400, // (v) E11
    message: "Upload Limit Exceeded.",
    help: "The account may store {limit} bytes and stores {stored}, old versions and unfinished resumable uploads included. Delete files or old versions, or ask the operator for a higher limit.",
  },
  VERSION_LIMIT_EXCEEDED: {
    status: 400,
    message: "The file already has {limit} versions.",
    help: "Delete old versions, or upload under another name.",
  },

  // The media library
  FILE_NOT_FOUND: {
    status: 404, // (v)
    message: "The requested file does not exist.",
    help: "Check the fileId.",
  },
  FILE_INACCESSIBLE: {
    status: 404, // (v)
    message: "The requested file does not exist or is inaccessible at this time.",
    help: "Check the fileId or the URL; a draft is delivered under no URL.",
  },
  FILE_UNREADABLE: {
    status: 400, // (v)
    message: "The requested file is corrupt or invalid.",
    help: "{problem}",
  },
  URL_NOT_OF_ACCOUNT: {
    status: 400, // (v)
    message: "The url should be accessible using your ImageKit.io account.",
    help: "Send the whole URL of a file, as it begins here: {endpoint}",
  },
  FILE_VERSION_NOT_FOUND: {
    status: 404, // (v)
    message: "The requested file version does not exist.",
    help: "Check the fileId and the versionId.",
  },
  ASSET_NOT_FOUND: {
    status: 404, // (v)
    message: "The requested asset does not exist.",
    help: "Check the fileId and the versionId.",
  },
  MISSING_PARAMETER: {
    status: 400, // (v)
    message: "Your request is missing parameters / contains invalid parameters.",
    help: "{problem}",
  },
  INVALID_PARAMETER: {
    status: 400,
    message: "Your request contains invalid {parameter} parameter.",
    help: "{problem}",
  },
  INVALID_FOLDER_PATH: {
    status: 400,
    message: "Your request contains invalid value for {parameter} parameter.",
    help: "{problem}",
  },
  SOURCE_FILE_MISSING: {
    status: 404, // (v)
    message: "No file found with filePath {path}",
    help: "Send the filePath of a file as the media library shows it. Old versions have none.",
  },
  SAME_SOURCE_AND_DESTINATION: {
    status: 400,
    message: "The file is in the folder of destinationPath already.",
    help: "Send another folder. To give the file another name, use PUT /v1/files/rename.",
  },
  TOO_MANY_VERSIONS_TOGETHER: {
    status: 400,
    reason: "VERSION_LIMIT_EXCEEDED",
    message: "The file at the destination would have more than {limit} versions.",
    help: "The versions of both files would become one file's. Delete old versions, or choose another folder.",
  },
  FILE_MISSING_AT_PATH: {
    status: 404, // (v)
    reason: "FILE_MISSING",
    message: "No file found in media library at filePath {path}",
    help: "Send the filePath of a file as the media library shows it.",
  },
  SAME_OLD_AND_NEW_NAME: {
    status: 400, // (v)
    message: "newFileName cannot be the same as its existing name.",
    help: "Every character of a name but letters, marks, numbers, '.', '_' and '-' becomes '_'. Send a name that differs then.",
  },
  FILE_NAME_TAKEN: {
    status: 409, // (v)
    reason: "FILE_ALREADY_EXISTS",
    message: "File with name newFileName already exists at the same location.",
    help: "{path} is another file. Choose another name, or delete that file first.",
  },
  PURGE_FAILED: {
    status: 207, // (v)
    message:
      "File renamed successfully but we could not purge the CDN cache for old URL because of rate limits on purge API.",
    help: "{problem}",
  },
  FILE_IDS_MISSING: {
    status: 400, // (v)
    message: "fileIds parameter is missing.",
    help: "Send the ids of the files as an array of strings.",
  },
  FILE_IDS_EMPTY: {
    status: 400, // (v)
    message: "fileIds is empty.",
    help: "Send the id of at least one file.",
  },
  FILE_IDS_NO_ARRAY: {
    status: 400, // (v)
    message: "fileIds should be an Array.",
    help: "Send the ids of the files as an array of strings.",
  },
  TOO_MANY_FILES_TO_DELETE: {
    status: 400, // (v)
    message: "fileIds cannot have more than 100 items.",
    help: "Delete the files in several requests.",
  },
  TOO_MANY_FILES_TO_EDIT: {
    status: 400, // (v)
    message: "A maximum of 50 files can be edited at a time.",
    help: "Edit the files in several requests.",
  },
  FILES_NOT_FOUND: {
    status: 404, // (v)
    message: "The requested file(s) does not exist.",
    help: "Nothing was changed. missingFileIds lists the ids that no file has.",
  },
  ZIP_EMPTY: {
    status: 400,
    message: "There is no file to download.",
    help: "Send fileIds or folderPaths that hold at least one file.",
  },
  ZIP_TOO_MANY_FILES: {
    status: 400,
    message: "A ZIP can have a maximum of {limit} files.",
    help: "Download the files in several archives. The operator sets the limit with --limit zip-files.",
  },
  ZIP_TOO_LARGE: {
    status: 400,
    message: "The files of a ZIP can have a maximum of {limit} bytes together.",
    help: "These have more. Download the files in several archives. The operator sets the limit with --limit zip-bytes.",
  },
  ZIP_TICKET_INVALID: {
    status: 404,
    message: "This download does not exist any more.",
    help: "An address downloads its archive once and for a short time. POST /_sluice/zip-downloads makes a new one.",
  },
  TOO_MANY_ZIP_DOWNLOADS: {
    status: 429,
    message: "The account can have a maximum of {limit} ZIP downloads at once.",
    help: "Try again when one of them has ended. The address stays valid for its time.",
  },
  TOO_MANY_ZIP_TICKETS: {
    status: 429,
    message: "The account can have a maximum of {limit} ZIP downloads that have not begun.",
    help: "Begin one of them, or try again in {seconds} seconds.",
  },
  FILE_NOT_IN_TRASH: {
    status: 404,
    message: "The file is not in the trash.",
    help: "Check the fileId. The file may have been restored or deleted for good; GET /_sluice/trash lists what is there.",
  },
  THUMBNAIL_NOT_FOUND: {
    status: 404,
    message: "There is no thumbnail of the file.",
    help: "Images, videos, sounds and PDFs have one where the server can read them. Show a placeholder instead.",
  },
  FILES_NOT_IN_TRASH: {
    status: 404,
    message: "The requested file(s) are not in the trash.",
    help: "Nothing was changed. missingFileIds lists the ids that no file in the trash has; GET /_sluice/trash lists what is there.",
  },
  TRASH_SELECTION_INVALID: {
    status: 400,
    message: "Your request does not say which files of the trash are to be deleted.",
    help: "Send either fileIds, an array of ids, or all with the value true.",
  },
  TAGS_MISSING: {
    status: 400, // (v)
    message: "tags parameter is missing.",
    help: "Send the tags as an array of strings.",
  },
  TAGS_EMPTY: {
    status: 400, // (v)
    message: "tags array cannot be empty.",
    help: "Send at least one tag.",
  },
  AI_TAGS_MISSING: {
    status: 400, // (v)
    message: "AITags parameter is missing.",
    help: "Send the names of the AI tags as an array of strings.",
  },
  AI_TAGS_EMPTY: {
    status: 400, // (v)
    message: "AITags array cannot be empty.",
    help: "Send the name of at least one AI tag.",
  },
  AI_TAGS_INVALID: {
    status: 400, // (v)
    message:
      "Your request contains invalid value for AITags. Please provide an array of strings. Example - ['t-shirt','summer-sale'].",
    help: "Send the names of the AI tags alone, without confidence and source.",
  },
  FOLDER_NAME_IS_DOTS: {
    status: 400, // (v)
    reason: "INVALID_FOLDER_PATH",
    message: "'.' & '..' can not be used as folder-name",
    help: "Choose another name for the folder, and send paths without '.' and '..'.",
  },
  FOLDER_NOT_FOUND: {
    status: 404, // (v)
    message: "No folder found with folderPath {path}",
    help: "Send the folderPath of a folder as the media library shows it.",
  },
  NO_FILES_FOLDER: {
    status: 404, // (v)
    message: "No files & folder found at sourceFolderPath {path}",
    help: "Send the folderPath of a folder as the media library shows it.",
  },
  SOURCE_FOLDER_MISSING: {
    status: 404, // (v)
    reason: "FOLDER_NOT_FOUND",
    message: "Source folder not found.",
    help: "Send the folderPath of a folder as the media library shows it.",
  },
  SOURCE_IS_ROOT: {
    status: 400,
    message: "The root folder cannot be copied or moved.",
    help: "Send the path of one of its folders as sourceFolderPath.",
  },
  ROOT_NOT_RENAMABLE: {
    status: 400, // (v)
    reason: "INVALID_FOLDER_PATH",
    message: "folderPath cannot be root.",
    help: "Send the path of one of the folders in the root folder.",
  },
  ROOT_NOT_DELETABLE: {
    status: 400,
    reason: "INVALID_FOLDER_PATH",
    message: "The root folder cannot be deleted.",
    help: "Delete its folders one by one.",
  },
  FOLDER_PATH_MISSING: {
    status: 400, // (v)
    reason: "MISSING_PARAMETER",
    message: "folderPath parameter is missing.",
    help: "Send the path of the folder as a string.",
  },
  FOLDER_IS_DESTINATION: {
    status: 400, // (v)
    reason: "SAME_SOURCE_AND_DESTINATION",
    message: "sourceFolderPath and destinationPath is same",
    help: "The folder is put inside destinationPath, so destinationPath is neither the folder itself nor the folder that contains it.",
  },
  INVALID_DESTINATION_PATH: {
    status: 400, // (v)
    message: "This operation is not allowed because parent folder cannot be moved into child folder.",
    help: "Choose a destinationPath outside of the folder.",
  },
  DESTINATION_CONTAINS_SOURCE: {
    status: 400,
    reason: "INVALID_DESTINATION_PATH",
    message: "The folder of the same name at the destination contains the source folder.",
    help: "The source would be merged with a folder that contains it. Rename the source first, or choose another destinationPath.",
  },
  FOLDER_ALREADY_EXISTS: {
    status: 409, // (v)
    message: "Folder with name newFolderName already exists at the same location.",
    help: "The name '{name}' is taken. Choose another name, or merge the folders with moveFolder.",
  },
  SAME_OLD_AND_NEW_FOLDER_NAME: {
    status: 400,
    reason: "SAME_OLD_AND_NEW_NAME",
    message: "newFolderName cannot be the same as its existing name.",
    help: "Every character of a name but letters, marks, numbers, '_' and '-' becomes '_'. Send a name that differs then.",
  },
  TOO_MANY_OBJECTS: {
    status: 400,
    message: "The folder contains more than {limit} files and folders.",
    help: "Work on the folders inside it one by one. The operator of this server can raise the limit folder-objects.",
  },
  FOLDER_LOCKED: {
    status: 423, // (v)
    message: "A bulk job is running on given folder path, please try after sometime.",
    help: "A job works on this folder, on a folder in it, or on one that contains it. Ask for the job's status with GET /v1/bulkJobs/<jobId>.",
  },
  DESTINATION_LOCKED: {
    status: 423, // (v)
    message: "Destination folder path is already locked. Please try after sometime.",
    help: "A job works on the folder at the destination, on a folder in it, or on one that contains it. Ask for the job's status with GET /v1/bulkJobs/<jobId>.",
  },
  BULK_JOB_NOT_FOUND: {
    status: 404, // (v)
    message: "The requested job does not exist.",
    help: "Send the jobId of the answer to copyFolder, moveFolder or renameFolder. Jobs are remembered for 90 days.",
  },
  FILES_LEFT_ALONE: {
    status: 207,
    reason: "VERSION_LIMIT_EXCEEDED",
    message: "The job has ended, but {files} files did not fit at the destination.",
    help: "The files at the destination would have more than {limit} versions. The first one is {first}. Delete old versions of these files, then move or copy these files one by one.",
  },
  COPY_STOPPED_BY_STORAGE_LIMIT: {
    status: 207,
    reason: "STORAGE_LIMIT_EXCEEDED",
    message: "The copy has stopped, because the account's storage is full.",
    help: "The destination has what was copied until then. Delete that or something else, or ask the operator for more.",
  },
  JOB_STOPPED_BY_PATH_LIMIT: {
    status: 207,
    reason: "INVALID_FOLDER_PATH",
    message: "The job has stopped, because a path at the destination would be too long or too deep.",
    help: "Something was uploaded while the job ran whose path would have more than 1,024 bytes or 50 levels at the destination. What the job did until then stays. Shorten names or move what lies deepest, then start the job again for what is left.",
  },
  BULK_JOB_FAILED: {
    status: 207,
    message: "The job has stopped because of a failure of the server.",
    help: "What it did until then stays as it is. Start a move or a rename again for what is left. Delete what was copied before you copy again.",
  },
  RATE_LIMIT_EXCEEDED: {
    status: 429,
    message: "Your account has sent more requests than the {limit} that this server takes in {seconds} seconds.",
    help: "Wait for the milliseconds of X-RateLimit-Reset, then try again. Nothing was done.",
  },
  CURRENT_VERSION_NOT_DELETABLE: {
    status: 400, // (v)
    message: "You cannot delete current version of a file.",
    help: "Restore another version first, or delete the whole file.",
  },
  TAGS_TOO_LONG: {
    status: 400, // (v)
    message:
      "Your request contains invalid value for tags parameter. Combined length of all tags should be less than or equal to 500.",
    help: "Use fewer or shorter tags.",
  },
  CUSTOM_METADATA_INVALID: {
    status: 400, // (v)
    message: "Invalid custom metadata.",
    help: "The member errors says what is wrong, by the name of the field. GET /v1/customMetadataFields lists the fields and the values that they take.",
  },
  TOO_MANY_CUSTOM_VALUES: {
    status: 400, // (v)
    message: "An asset can have a maximum of {limit} custom metadata values.",
    help: "Each item of a list counts as one.",
  },
  CUSTOM_FIELD_INVALID: {
    status: 400, // (v)
    message: "Invalid field object",
    help: "The member errors says what is wrong, by the name of the member of your body.",
  },
  CUSTOM_FIELD_SCHEMA_INVALID: {
    status: 400, // (v)
    message: "Invalid schema object.",
    help: "The member errors says what is wrong, by the name of the member of your body. Members that a change does not name stay as they are, and null takes a member away.",
  },
  CUSTOM_FIELD_NAME_TAKEN: {
    status: 400, // (v)
    message: "A custom metadata field with this name already exists.",
    help: "A name stays taken when its field is deleted, so that it never means two things: choose another.",
  },
  CUSTOM_FIELD_LABEL_TAKEN: {
    status: 400, // (v)
    message: "A custom metadata field with this label already exists.",
    help: "Choose another label.",
  },
  CUSTOM_FIELD_CHANGE_MISSING: {
    status: 400, // (v)
    message: "Either label or schema should be provided.",
    help: "Send what is to change: label, schema or description.",
  },
  CUSTOM_FIELD_NAME_FIXED: {
    status: 400, // (v)
    message: "Name cannot be updated.",
    help: "Files refer to the field by its name; change its label instead.",
  },
  CUSTOM_FIELD_DELETED: {
    status: 400, // (v)
    message: "Cannot update a deleted custom metadata fields.",
    help: "Make a new field under another name.",
  },
  CUSTOM_FIELD_ID_MISSING: {
    status: 400, // (v)
    message: "Missing id parameter.",
    help: "Name the field by its id at the end of the path.",
  },
  CUSTOM_FIELD_NOT_FOUND: {
    status: 404, // (v)
    message: "No such custom metadata field exists.",
    help: "Check the id; GET /v1/customMetadataFields lists the fields.",
  },
  TOO_MANY_CUSTOM_FIELDS: {
    status: 400,
    message: "An account can have a maximum of {limit} custom metadata fields.",
    help: "Delete fields that nobody needs.",
  },
  TOO_MANY_CUSTOM_FIELDS_EVER: {
    status: 400,
    message: "An account can have a maximum of {limit} custom metadata fields, deleted ones included.",
    help: "Change a field that is there instead of deleting it and making another.",
  },
  CUSTOM_FIELD_SCHEMAS_TOO_LARGE: {
    status: 400,
    message: "The schemas of an account's custom metadata fields can have a maximum of {limit} bytes together.",
    help: "Shorten select options or default values, or delete fields that nobody needs.",
  },
  PURGE_URL_INVALID: {
    status: 400, // (v)
    message: "The URL is not valid for cache purging.",
    help: "{problem}",
  },
  PURGE_NOT_FOUND: {
    status: 400, // (v)
    message: "No request found for this requestId.",
    help: "Send the requestId that the purge was answered with; it is kept for 90 days.",
  },
  NAMED_TRANSFORMATION_NOT_FOUND: {
    status: 404,
    message: "The requested named transformation does not exist.",
    help: "Check the id; GET /v1/named-transformations lists them.",
  },
  NAMED_TRANSFORMATION_NAME_TAKEN: {
    status: 400,
    message: "A named transformation with this name already exists.",
    help: "Choose another name, or change the one that has it. Names of built-in transformations are taken as well.",
  },
  NAMED_TRANSFORMATION_BUILT_IN: {
    status: 400,
    message: "The named transformation {name} is built in.",
    help: "The media library's own URLs use it, so it can't be changed or deleted: make another one.",
  },
  TOO_MANY_NAMED_TRANSFORMATIONS: {
    status: 400,
    message: "An account can have a maximum of {limit} named transformations.",
    help: "Delete named transformations that no URL uses any more.",
  },
  URL_ENDPOINT_INVALID: {
    status: 400, // (v)
    message: "{member} {problem}",
    help: "A URL endpoint has a description, a urlPrefix, and if it needs them origins and a urlRewriter. PUT replaces all of them.",
  },
  URL_PREFIX_EMPTY: {
    status: 400, // (v)
    message: "urlPrefix cannot be empty string. This is reserved for the default URL-endpoint created by ImageKit.",
    help: "Send 1 to 100 letters, digits and hyphens as urlPrefix. PUT /v1/accounts/url-endpoints/default changes the default endpoint.",
  },
  URL_PREFIX_TAKEN: {
    status: 400,
    message: "A URL-endpoint with this urlPrefix already exists.",
    help: "Choose another urlPrefix, or change the endpoint that has it.",
  },
  URL_ENDPOINT_ORIGIN_UNKNOWN: {
    status: 400, // (v)
    message: "Origin does not exists. Please create origin before using it in URL-endpoint.",
    help: "The member origins holds ids of origins; GET /v1/accounts/origins lists them.",
  },
  URL_ENDPOINT_NOT_FOUND: {
    status: 404, // (v)
    message: "URL-endpoint not found.",
    help: "Check the id; GET /v1/accounts/url-endpoints lists them.",
  },
  URL_ENDPOINT_DEFAULT: {
    status: 400, // (v)
    message: "Default URL-endpoint cannot be deleted.",
    help: "PUT /v1/accounts/url-endpoints/default changes its description, origins and urlRewriter.",
  },
  TOO_MANY_URL_ENDPOINTS: {
    status: 400,
    message: "An account can have a maximum of {limit} URL-endpoints.",
    help: "Delete URL endpoints that no URL uses any more.",
  },
  ORIGIN_TYPE_INVALID: {
    status: 400, // (v)
    message:
      "Invalid origin type. Must be one of S3, S3_COMPATIBLE, CLOUDINARY_BACKUP, WEB_FOLDER, WEB_PROXY, GCS, AZURE_BLOB, AKENEO_PIM.",
    help: "Send the type in the member type. It decides which other members an origin has.",
  },
  ORIGIN_INVALID: {
    status: 400, // (v)
    message: "{member} {problem}",
    help: "PUT replaces an origin as a whole, its secrets included.",
  },
  ORIGIN_NOT_FOUND: {
    status: 404, // (v)
    message: "Origin not found.",
    help: "Check the id; GET /v1/accounts/origins lists them.",
  },
  ORIGIN_IN_USE: {
    status: 400,
    message: "The origin is used by a URL-endpoint.",
    help: "Take its id out of the member origins of every URL endpoint first; GET /v1/accounts/url-endpoints lists them.",
  },
  TOO_MANY_ORIGINS: {
    status: 400,
    message: "An account can have a maximum of {limit} origins.",
    help: "Delete origins that no URL endpoint uses any more.",
  },
  SECRETS_KEY_MISSING: {
    status: 400,
    message: "This server can't store the secrets of an origin.",
    help: "Secrets are stored only encrypted, and the server has no key. Its operator has to start it with --secrets-key or SLUICE_SECRETS_KEY, 32 bytes such as `openssl rand -hex 32` prints. A server on SQLite whose file secrets-key.txt is missing needs that file back.",
  },
  SKIP_TOO_SMALL: {
    status: 400, // (v)
    message: "The value of skip parameter should be greater than or equal to 0. Value sent is {value}.",
    help: "Send a whole number from 0 on.",
  },
  LIMIT_TOO_SMALL: {
    status: 400, // (v)
    message: "Minimum value of limit parameter is 1. Value sent is {value}.",
    help: "Send a whole number from 1 to 1000.",
  },
  LIMIT_TOO_LARGE: {
    status: 400, // (v)
    message: "Maximum value of limit parameter is 1000. Value sent is {value}.",
    help: "Send a whole number from 1 to 1000, and page with cursor or skip.",
  },
  SORT_INVALID: {
    status: 400, // (v)
    message: "Your request contains invalid value for sort parameters.",
    help: "Use ASC_ or DESC_ followed by NAME, CREATED, UPDATED, HEIGHT, WIDTH, SIZE or RELEVANCE.",
  },
  SEARCH_QUERY_INVALID: {
    status: 400,
    message: "Your request contains invalid value for searchQuery parameter.",
    help: "At position {position}: {problem}.",
  },
  SEARCH_TOO_SLOW: {
    status: 400,
    message: "Your search takes too long.",
    help: "Add a condition that few objects meet, such as a name's beginning, a tag, or a span of time or sizes.",
  },
  TYPE_INVALID: {
    status: 400, // (v)
    message:
      "Your request contains invalid value for type parameter. Please provide one of the following: file, file-version, folder, all.",
    help: "Send one of the values that the message names.",
  },
  USAGE_DATES_MISSING: {
    status: 400, // (v)
    message: "startDate and endDate are required in query parameters.",
    help: "Send both as days in UTC, such as startDate=2026-01-01&endDate=2026-02-01.",
  },
  USAGE_DATES_INVALID: {
    status: 400, // (v)
    message: "startDate and endDate should be in format YYYY-MM-DD.",
    help: "Send days of the calendar, such as 2026-01-31.",
  },
  USAGE_DATES_REVERSED: {
    status: 400, // (v)
    message: "startDate should be before endDate.",
    help: "GET /v1/accounts/usage leaves the endDate out; for one day send the next day as endDate.",
  },
  USAGE_DATES_TOO_FAR_APART: {
    status: 400, // (v)
    message: "startDate and endDate should be within 90 days.",
    help: "Ask for several shorter times and add them up.",
  },
  BODY_INVALID: {
    status: 400,
    message: "Your request contains an invalid JSON body.",
    help: "{problem}",
  },
  BODY_TOO_LARGE: {
    status: 413,
    message: "Your request's body is too large.",
    help: "Send {limit} bytes at most.",
  },

  // The server
  ROUTE_NOT_FOUND: {
    status: 404,
    message: "The requested path does not exist on this server.",
    help: "Check the method and the path; uploads go to POST /api/v2/files/upload.",
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    message: "The requested method is not allowed here.",
    help: "Allowed: {allowed}.",
  },
  STORAGE_UNAVAILABLE: {
    status: 503,
    message: "The server cannot reach its storage or its database at the moment.",
    help: "Nothing was stored or changed. Try again later, an upload with a new token.",
  },
  STORAGE_FULL: {
    status: 503,
    message: "The server has no room left.",
    help: "Nothing was stored or changed. Try again once there is room, an upload with a new token. Make room as docs/operate/disk-full.md says: delete files, and free their bytes at once.",
  },
  SCANNER_UNAVAILABLE: {
    status: 503,
    message: "The server cannot scan files for malware at the moment.",
    help: "Nothing was stored. Try again later with a new token.",
  },
  OUTCOME_UNKNOWN: {
    status: 503,
    message: "The server does not know whether your request was carried out.",
    help: "Check whether the request was carried out before you send it again. Send an upload again with a new token.",
  },
  SERVER_STARTING: {
    status: 503,
    message: "The server is starting.",
    help: "Nothing was done, and no token was used up. Try again after the time in the Retry-After header.",
  },
  SERVER_BUSY: {
    status: 503,
    message: "The server is busy.",
    help: "Try again after the time in the Retry-After header.",
  },
  UPGRADE_UNFINISHED: {
    status: 503,
    message: "Not all servers of this library know {feature} yet.",
    help: "A server of Sluice {version} is running and would go on without them. Upgrade it or end it, and try again; a server that was killed counts for a minute. Nothing was changed.",
  },
  UPLOAD_GAVE_WAY: {
    status: 503,
    message: "The server is busy, and your upload was too slow to keep its place.",
    help: "Try again after the time in the Retry-After header. An upload whose token comes before its file does not have to give way.",
  },
  INTERNAL_ERROR: {
    status: 500,
    message: "Something went wrong on the server.",
    help: "Give the operator the x-request-id of this answer.",
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorReason = keyof typeof errorCatalogue;

/** The values that the `reason` of a refusal's body can have. */
export type WireReason = {
  [Key in ErrorReason]: (typeof errorCatalogue)[Key] extends { readonly reason: infer Reason } ? Reason : Key;
}[ErrorReason];

/** The `reason` that the body of an entry's refusal has. */
export function wireReasonOf(key: ErrorReason): WireReason {
  const entry: ErrorEntry = errorCatalogue[key];
  return (entry.reason ?? key) as WireReason;
}
