/** The element's texts in English. `{…}` is replaced by the value of that name. */
export const english = {
  drop: "Drop files here",
  choose: "Choose files",
  chooseOne: "Choose a file",
  more: "Add files",
  folder: "Choose a folder",
  hint: "",
  hintSize: "Up to {max} each",
  hintSizeOne: "Up to {max}",
  hintCount: "Up to {max} files",

  types: "",
  image: "images",
  video: "videos",
  audio: "audio files",
  text: "text files",

  queued: "{size} · Waiting",
  resuming: "{size} · Resuming…",
  sending: "{loaded} of {size} · {percent}",
  processing: "{size} · Processing…",
  waiting: "{message} Trying again…",
  paused: "{size} · Paused",
  done: "{size} · Uploaded",
  canceled: "{size} · Canceled",

  pause: "Pause {name}",
  resume: "Resume {name}",
  retry: "Retry {name}",
  remove: "Remove {name}",
  open: "Open {name}",
  pauseAll: "Pause",
  resumeAll: "Resume",
  retryAll: "Retry failed",
  cancelAll: "Cancel",
  clear: "Clear",

  list: "Files (arrow keys)",
  progress: "Progress",
  running: "{done} of {count} uploaded",
  amount: "{loaded} of {size}",
  rate: "{loaded} of {size} · {speed} · {time} left",
  ended: "{done} uploaded",
  failures: "{failed} failed",
  added: "Files added: {count}.",

  wrongType: "Allowed types: {types}.",
  tooLarge: "This file is too large. The limit is {max}.",
  tooBig: "This file is too large.",
  empty: "This file is empty.",
  tooMany: "Too many files. The limit is {max}.",
  tooFewPixels: "{width} × {height} pixels is too small. The minimum is {min}.",
  tooManyPixels: "{width} × {height} pixels is too large. The limit is {max}.",

  offline: "You're offline. Uploads resume when you reconnect.",
  unreachable: "Can't reach the server.",
  interrupted: "The upload was interrupted.",
  interruptedAgain: "Interrupted again. This file may be too large.",
  unavailable: "Uploads aren't available right now.",
  signedOut: "Sign in to upload.",
  notAccepted: "This file isn't allowed.",
  notUploaded: "This file couldn't be uploaded.",
  exists: "This name is taken.",
  infected: "This file contains malware.",
  full: "Storage is full.",

  valueMissing: "Choose a file.",
  customError: "Wait for uploads to finish.",
};

export type TextKey = keyof typeof english;
export type Values = Readonly<Record<string, string | number>>;
export type Text = string | ((values: Values) => string);
/** Texts by name. A text under the `reason` of an error replaces the error's message. */
export type Texts = { readonly [key in TextKey]?: Text } & { readonly [reason: string]: Text | undefined };
