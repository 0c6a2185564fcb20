import { useEffect, useState } from "react";
import type { Choice } from "./choice.ts";

/** A choice whose number nobody knows yet is counted, because it is about to be shown. */
export function useCounted(choice: Choice): Choice {
  const [fileCount, setFileCount] = useState(choice.fileCount);
  const isUnknown = choice.fileCount === undefined;
  useEffect(() => {
    if (!isUnknown) return;
    const stop = new AbortController();
    // What fails here fails again when something is done to the files, and is told then.
    choice.collect(stop.signal).then(
      (files) => setFileCount(files.length),
      () => {},
    );
    return () => stop.abort();
  }, [choice, isUnknown]);
  if (!isUnknown || fileCount === undefined) return choice;
  return { ...choice, fileCount, count: fileCount + choice.folders.length };
}
