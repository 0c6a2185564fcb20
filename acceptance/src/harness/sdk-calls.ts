import { jpeg } from "./samples.ts";
import { keys, startServer } from "./server.ts";
import { uploadBasic } from "./upload.ts";

/** The calls of an SDK are given the SDK, and things in the library that no other call touches. */
export interface CallWorld<Sdk> {
  readonly sdk: Sdk;
  /** A name that nothing has yet. */
  readonly name: () => string;
  /** A new text file, with that many versions. */
  readonly newFile: (versions?: number) => Promise<CalledFile>;
  readonly newPicture: () => Promise<CalledFile>;
  /** The path of a new folder with a file in it. */
  readonly newFolder: () => Promise<string>;
  readonly close: () => Promise<unknown>;
}

export interface CalledFile {
  readonly fileId: string;
  readonly filePath: string;
  readonly url: string;
}

/** Starts a server for the calls of an SDK. */
export async function openCallWorld<Sdk>(open: (url: string, privateKey: string) => Sdk): Promise<CallWorld<Sdk>> {
  const server = await startServer();
  let count = 0;
  const name = () => {
    count += 1;
    return `name${count}.txt`;
  };
  const store = async (content: string | Uint8Array, fields: Readonly<Record<string, string>>): Promise<CalledFile> => {
    const { status, body } = await uploadBasic(server.url, content, { useUniqueFileName: "false", ...fields });
    if (status !== 200) throw new Error(`the upload was answered ${status}`);
    return body;
  };
  return {
    sdk: open(server.url, keys.privateKey),
    name,
    async newFile(versions = 1) {
      const fields = { folder: "/calls", fileName: name() };
      for (let version = 1; version < versions; version++) await store(`version ${version}`, fields);
      return store("the last version", fields);
    },
    newPicture: async () => store(await jpeg(6, 4), { folder: "/calls", fileName: `${name()}.jpg` }),
    async newFolder() {
      const folder = `/folders/${name().replace(".", "_")}`;
      await store("in a folder", { folder, fileName: "a.txt" });
      return folder;
    },
    close: () => server.stop(),
  };
}
