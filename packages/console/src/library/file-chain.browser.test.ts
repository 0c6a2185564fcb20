import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FileChain } from "./file-chain.ts";
import type { LibraryFile } from "./library-file.ts";

/** The server's list, as names in their order. Requests are answered from it as `GET /v1/files` would. */
let library: string[];
let asked: URL[];

beforeEach(() => {
  library = Array.from({ length: 5000 }, (_, index) => name(index));
  asked = [];
  vi.stubGlobal("fetch", async (input: string) => {
    const url = new URL(input, location.origin);
    asked.push(url);
    return url.pathname.endsWith("/marks") ? marks() : page(url.searchParams);
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const name = (index: number) => String(index).padStart(6, "0");

function marks(): Response {
  const values = Array.from({ length: 200 }, (_, mark) => library[Math.floor((mark * library.length) / 200)]);
  return Response.json({ files: library.length, total: library.length, marks: values });
}

function page(query: URLSearchParams): Response {
  const limit = Number(query.get("limit"));
  const skip = Number(query.get("skip") ?? 0);
  const cursor = query.get("cursor");
  const [towards, at = ""] = cursor?.split(" ") ?? [];
  const from = query.get("startAt") ?? "";
  const after = library.findIndex((each) => (towards === "next" ? each > at : each >= from));
  const before = library.filter((each) => each < at).length;
  const start = towards === "previous" ? Math.max(0, before - limit) : (after < 0 ? library.length : after) + skip;
  const end = towards === "previous" ? before : start + limit;
  const names = library.slice(start, end);
  const headers = new Headers();
  if (end < library.length) headers.set("x-next-cursor", `next ${names.at(-1)}`);
  if (start > 0) headers.set("x-previous-cursor", `previous ${names[0]}`);
  return Response.json(
    names.map((each) => ({ fileId: each, name: each }) as LibraryFile),
    { headers },
  );
}

async function opened(): Promise<FileChain> {
  const chain = new FileChain({ path: "/", sort: "ASC_NAME" });
  chain.subscribe(() => undefined);
  await settled(chain);
  return chain;
}

async function settled(chain: FileChain): Promise<void> {
  await expect.poll(() => chain.current().isLoading).toBe(false);
}

function at(chain: FileChain, index: number): string | undefined {
  const { start, files } = chain.current();
  return files[index - start]?.name;
}

test("a list opens with its length and its first files", async () => {
  const chain = await opened();
  expect(chain.current()).toMatchObject({ total: 5000, start: 0, isEstimate: false });
  expect(at(chain, 0)).toBe(name(0));
});

test("files without a value of the sort are counted, and a jump reaches them", async () => {
  const answering = globalThis.fetch;
  vi.stubGlobal("fetch", async (input: string) =>
    input.includes("/marks") ? Response.json({ files: 5000, total: 0, marks: [] }) : answering(input),
  );
  const chain = await opened();
  await expect.poll(() => chain.current()).toMatchObject({ total: 5000, isCounting: false, isEstimate: false });
  chain.show(4000, 4010);
  await settled(chain);
  expect(at(chain, 4000)).toBe(name(4000));
  expect(chain.current()).toMatchObject({ total: 5000, isEstimate: false });
});

test("the first files are shown before a long list is counted, which a jump waits for", async () => {
  const answering = globalThis.fetch;
  const { promise: mayCount, resolve: count } = Promise.withResolvers<void>();
  vi.stubGlobal("fetch", async (input: string) => {
    if (input.includes("/marks")) await mayCount;
    return answering(input);
  });
  const chain = await opened();
  expect(at(chain, 0)).toBe(name(0));
  expect(chain.current()).toMatchObject({ isCounting: true, isEstimate: true });
  chain.show(4000, 4039);
  count();
  await expect.poll(() => at(chain, 4000)).toBe(name(4000));
  expect(chain.current()).toMatchObject({ total: 5000, isCounting: false, isEstimate: false });
});

test("reading on loads the pages that follow, and forgets those far behind", async () => {
  const chain = await opened();
  for (let index = 0; index <= 3000; index += 60) {
    chain.show(index, index + 40);
    await settled(chain);
    expect(at(chain, index), `file ${index}`).toBe(name(index));
  }
  expect(chain.current().files.length).toBeLessThanOrEqual(1200);
  for (let index = 3000; index >= 0; index -= 60) {
    chain.show(index, index + 40);
    await settled(chain);
    expect(at(chain, index), `file ${index}, going back`).toBe(name(index));
  }
});

test.each([0, 1, 260, 2499, 4000, 4960])(
  "a jump to file %i shows exactly that file, in two requests",
  async (index) => {
    const chain = await opened();
    asked.length = 0;
    chain.show(index, index + 39);
    await settled(chain);
    expect(at(chain, index)).toBe(name(index));
    expect(at(chain, Math.min(index + 39, 4999))).toBe(name(Math.min(index + 39, 4999)));
    expect(asked.length).toBeLessThanOrEqual(2);
  },
);

test("a jump to the end shows the last file in the last place, whatever the number of files", async () => {
  for (const count of [450, 451, 777, 4999]) {
    library = Array.from({ length: count }, (_, index) => name(index));
    const chain = await opened();
    chain.show(count - 14, count - 1);
    await settled(chain);
    await expect.poll(() => chain.current()).toMatchObject({ total: count, isCounting: false });
    expect(at(chain, count - 1), `of ${count}`).toBe(name(count - 1));
    expect(chain.current().start + chain.current().files.length).toBe(count);
  }
});

test("a view that is drawn again with each change asks no more for that", async () => {
  const chain = await opened();
  asked.length = 0;
  chain.subscribe(() => chain.show(4000, 4039));
  chain.show(4000, 4039);
  await settled(chain);
  expect(at(chain, 4000)).toBe(name(4000));
  expect(asked.length).toBeLessThanOrEqual(4);
});

test("what is uploaded and deleted elsewhere neither repeats nor hides a file", async () => {
  const chain = await opened();
  library.splice(50, 1, "000049-new");
  library.splice(10, 5);
  for (let index = 0; index < 400; index += 50) {
    chain.show(index, index + 40);
    await settled(chain);
  }
  const names = chain.current().files.map((file) => file.name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.slice(100, 200)).toEqual(library.slice(95, 195));
});

test("a list that has become shorter ends where it ends", async () => {
  const chain = await opened();
  chain.show(4900, 4999);
  await settled(chain);
  library.length = 4000;
  // The list is not counted with every reload.
  await expect
    .poll(() => {
      chain.reload();
      return chain.current().total;
    })
    .toBe(4000);
});

test("a list that has grown behind its counted end is counted again", async () => {
  const all = library;
  library = all.slice(0, 50);
  const answering = globalThis.fetch;
  vi.stubGlobal("fetch", async (input: string) => {
    // The next count would be due after some seconds.
    if (input.includes("/marks")) await new Promise((resolve) => setTimeout(resolve, 100));
    return answering(input);
  });
  const chain = await opened();
  await expect.poll(() => chain.current()).toMatchObject({ total: 50, isCounting: false });
  library = all;
  chain.reload();
  await expect.poll(() => chain.current(), { timeout: 2000 }).toMatchObject({ total: 5000, isEstimate: false });
});

test("after files were removed that the view had not loaded, the list is counted again", async () => {
  const answering = globalThis.fetch;
  vi.stubGlobal("fetch", async (input: string) => {
    if (input.includes("/marks")) await new Promise((resolve) => setTimeout(resolve, 100));
    return answering(input);
  });
  const chain = await opened();
  await expect.poll(() => chain.current()).toMatchObject({ total: 5000, isCounting: false });
  chain.remove(new Set(library.splice(50, 2000)));
  chain.reload();
  await expect.poll(() => chain.current(), { timeout: 2000 }).toMatchObject({ total: 3000, isEstimate: false });
});

test("a list that is brought up to date says how far the files in view have moved, and hides none meanwhile", async () => {
  const chain = await opened();
  chain.show(2000, 2170);
  await settled(chain);
  await expect.poll(() => at(chain, 2170)).toBe(name(2170));
  library.splice(3, 0, ...Array.from({ length: 8 }, (_, index) => `000002-new-${index}`));
  let hidden = 0;
  chain.subscribe(() => {
    const { start, files, shift } = chain.current();
    if (files.length + start < 2170 + shift) hidden++;
  });
  // The list is not counted with every reload.
  await expect
    .poll(() => {
      chain.reload();
      return chain.current().shift;
    })
    .toBe(8);
  expect(at(chain, 2008)).toBe(name(2000));
  expect(hidden).toBe(0);
  chain.reload();
  chain.show(2100, 2270);
  await expect.poll(() => at(chain, 2270)).toBe(name(2262));
  expect(chain.current().shift).toBe(8);
});

test("a refusal is told, and another try goes on", async () => {
  const refusing = vi.fn(async () => Response.json({ message: "No.", help: "Ask less." }, { status: 400 }));
  const answering = globalThis.fetch;
  vi.stubGlobal("fetch", refusing);
  const chain = await opened();
  expect(chain.current().problem).toMatchObject({ status: 400, message: "No.", help: "Ask less." });
  vi.stubGlobal("fetch", answering);
  chain.reload();
  await expect.poll(() => chain.current().problem).toBe(undefined);
  expect(at(chain, 0)).toBe(name(0));
});

test("deleted and changed files are shown as such at once", async () => {
  const chain = await opened();
  chain.remove(new Set([name(1), name(3)]));
  expect(
    chain
      .current()
      .files.slice(0, 3)
      .map((file) => file.name),
  ).toEqual([name(0), name(2), name(4)]);
  expect(chain.current().total).toBe(4998);
  chain.replace([{ ...(chain.current().files[0] as LibraryFile), description: "changed" }]);
  expect(chain.current().files[0]?.description).toBe("changed");
});

test("a list that is shown again has its files at once, and then those that came meanwhile", async () => {
  const answering = globalThis.fetch;
  vi.stubGlobal("fetch", async (input: string) => {
    // The next count would be due after some seconds.
    if (input.includes("/marks")) await new Promise((resolve) => setTimeout(resolve, 100));
    return answering(input);
  });
  const chain = new FileChain({ path: "/", sort: "ASC_NAME" });
  const end = chain.subscribe(() => undefined);
  await settled(chain);
  chain.show(1000, 1010);
  await settled(chain);
  end();
  // Somebody else deletes a file meanwhile.
  library.splice(1005, 1);
  chain.subscribe(() => undefined);
  expect(chain.current().isLoading).toBe(false);
  expect(at(chain, 1005)).toBe(name(1005));
  await expect.poll(() => at(chain, 1005)).toBe(name(1006));
  await expect.poll(() => chain.current(), { timeout: 2000 }).toMatchObject({ total: 4999, isEstimate: false });
});

test("a list that was left while it loaded has its files at once when it is shown again, and then their number", async () => {
  library.length = 260;
  const chain = new FileChain({ path: "/", sort: "ASC_NAME" });
  const end = chain.subscribe(() => undefined);
  await settled(chain);
  await expect.poll(() => chain.current().isCounting).toBe(false);
  chain.show(150, 200);
  expect(chain.current().isLoading).toBe(true);
  end();
  library.splice(3, 0, "000002-new");
  chain.subscribe(() => undefined);
  expect(chain.current().isLoading).toBe(false);
  expect(at(chain, 90)).toBe(name(90));
  await expect.poll(() => chain.current()).toMatchObject({ total: 261, isEstimate: false });
  await expect.poll(() => at(chain, 200)).toBe(name(199));
});

test("a list opens at a file beyond its first page, once it is counted", async () => {
  const chain = new FileChain({ path: "/", sort: "ASC_NAME" }, 3000);
  chain.subscribe(() => undefined);
  await settled(chain);
  expect(at(chain, 3000)).toBe(name(3000));
  const pages = asked.filter(({ pathname }) => !pathname.endsWith("/marks"));
  expect(pages.every(({ searchParams }) => Number(searchParams.get("skip") ?? 0) < 200)).toBe(true);
});
