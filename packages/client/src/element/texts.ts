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
  hintCount: "{max} files at most",

  types: "",
  image: "images",
  video: "videos",
  audio: "audio files",
  text: "text files",

  queued: "{size} · Waiting",
  resuming: "{size} · Resuming …",
  sending: "{loaded} of {size} · {percent}",
  processing: "{size} · Processing …",
  waiting: "{message} Trying again …",
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

  list: "Files, by arrow keys",
  progress: "Progress",
  running: "{done} of {count} uploaded",
  amount: "{loaded} of {size}",
  rate: "{loaded} of {size} · {speed} · {time} left",
  ended: "{done} uploaded",
  failures: "{failed} failed",
  added: "Files added: {count}.",

  wrongType: "Only {types}.",
  tooLarge: "Too large: at most {max}.",
  tooBig: "This file is too large.",
  empty: "The file is empty.",
  tooMany: "Only {max} files are accepted.",
  tooFewPixels: "{width} × {height} pixels: too few, at least {min}.",
  tooManyPixels: "{width} × {height} pixels: too many, at most {max}.",

  offline: "You are offline; it goes on by itself.",
  unreachable: "No connection to the server.",
  interrupted: "The upload was interrupted.",
  interruptedAgain: "Interrupted each time. The file may be too large.",
  unavailable: "Uploads don't work at the moment.",
  signedOut: "Please sign in first.",
  notAccepted: "This file is not accepted.",
  notUploaded: "This file could not be uploaded.",
  exists: "This name is taken.",
  infected: "This file contains malware.",
  full: "There is no space left.",

  valueMissing: "Please upload a file.",
  customError: "Please wait for the uploads.",
};

export type TextKey = keyof typeof english;
export type Values = Readonly<Record<string, string | number>>;
export type Text = string | ((values: Values) => string);
/** Texts by name. A text under the `reason` of an error replaces the error's message. */
export type Texts = { readonly [key in TextKey]?: Text } & { readonly [reason: string]: Text | undefined };
