import { searchPicture, tagPicture } from "../../detection/search-picture.ts";
import { setUpSharp } from "../../image/set-up-sharp.ts";
import { readLibraryHeader } from "../../inspect/library-header.ts";
import { fingerprintOf } from "../../metadata/fingerprint-of.ts";
import type { TaskInput, TaskName, TaskOutput } from "../tasks.ts";
import type { TaskContext } from "./render-task.ts";
import { renderTask } from "./render-task.ts";

type Doers = {
  readonly [Name in TaskName]: (input: TaskInput<Name>, context: TaskContext) => Promise<TaskOutput<Name>>;
};

/** The ways in which this process does what may be asked of it. */
const doers: Doers = {
  render: renderTask,
  header: ({ file, formats }) => {
    return readLibraryHeader("data" in file ? Buffer.from(file.data) : file.path, formats);
  },
  fingerprint: ({ picture }) => fingerprintOf(picture),
  faces: ({ picture }) => searchPicture("faces", picture),
  objects: ({ picture }) => searchPicture("objects", picture),
  tag: ({ picture }) => tagPicture(picture),
};

setUpSharp();

export function doTask(name: TaskName, input: unknown, context: TaskContext): Promise<unknown> {
  return doers[name](input as never, context);
}
