/** The groups of operations, in the order of the reference. */
export const tags = {
  Uploads: "Files go from a browser, a phone or a server straight into the media library.",
  Files: "The files of the media library: lists, search, details, versions, copies and moves.",
  Folders: "Folders, and the jobs that copy, move and rename them with all that is in them.",
  Trash:
    "Files that were deleted and can still be restored. The trash is off unless the server runs with --trash-days.",
  Metadata: "What images say about themselves, and the fields of custom metadata that an account defines.",
  Delivery: "Files as everybody gets them: stored bytes, or an image transformed by its URL.",
  Transformations: "Transformations that URLs call by a name.",
  Extensions: "Configurations of extensions that requests name by an id.",
  Cache: "Derived images that are to be made anew.",
  Accounts: "An account's usage, keys and settings, and why its requests were refused.",
  Webhooks: "The endpoints that are told of events, and the attempts to tell them.",
  Jobs: "What the server does in the background for the account.",
  Console: "Sessions of the web console. Other programs use key pairs instead.",
  Server: "The state of the server itself, its pages and this document.",
} as const satisfies Readonly<Record<string, string>>;

export type Tag = keyof typeof tags;
