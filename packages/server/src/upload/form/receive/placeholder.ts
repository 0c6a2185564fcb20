/** The longest text that is a placeholder. */
const maxBytes = 2;

/**
 * Looks whether a text part named `file` is a placeholder: empty or `{}`, which stands for no file. FilePond writes the
 * metadata of a file under the file's own name, before the file, and most files have none.
 * @param body the part's body, which is read as far as that takes
 * @returns the whole body again, from its beginning
 */
export async function lookForPlaceholder(
  body: AsyncIterableIterator<Buffer>,
): Promise<{ readonly isPlaceholder: boolean; readonly body: AsyncIterableIterator<Buffer> }> {
  let head: Buffer = Buffer.alloc(0);
  let isWhole = false;
  while (!isWhole && head.length <= maxBytes) {
    const { done = false, value } = await body.next();
    isWhole = done;
    if (!done) head = Buffer.concat([head, value]);
  }
  const text = head.toString("latin1");
  return { isPlaceholder: isWhole && (text === "" || text === "{}"), body: preceded(head, body) };
}

/** The body with the bytes that have been read in front. A loop over it can stop, and the next one continues there. */
function preceded(head: Buffer, rest: AsyncIterableIterator<Buffer>): AsyncIterableIterator<Buffer> {
  let unread = head.length > 0 ? head : undefined;
  return {
    async next() {
      if (unread === undefined) return rest.next();
      const value = unread;
      unread = undefined;
      return { done: false, value };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
