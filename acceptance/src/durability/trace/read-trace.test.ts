import { expect, test } from "vitest";
import { readTrace } from "./read-trace.ts";

const lines = (...text: string[]) => `${text.join("\n")}\n`;

test("reads the calls that succeeded, with the place where each began and ended", () => {
  const output = lines(
    '10 mkdir("/data/a", 0700) = 0',
    '10 mkdir("/data/b", 0700) = -1 EEXIST (File exists)',
    "11 fsync(21</data/a> <unfinished ...>",
    '10 link("/data/s/1", "/data/a/2") = 0',
    "11 <... fsync resumed>)             = 0",
    '10 unlinkat(AT_FDCWD</data>, "s/1", 0) = 0',
    "10 +++ exited with 0 +++",
    "11 fsync(21</data/a> <unfinished ...>",
  );
  expect(readTrace(output)).toEqual([
    { kind: "make folder", path: "/data/a", begin: 0, end: 0 },
    { kind: "link", from: "/data/s/1", to: "/data/a/2", begin: 3, end: 3 },
    { kind: "sync", path: "/data/a", begin: 2, end: 4 },
    { kind: "remove", path: "/data/s/1", begin: 5, end: 5 },
  ]);
});

test("knows where plain writes go, as far as they went, and whatever bytes they have", () => {
  const output = lines(
    "1 clone3({flags=CLONE_VM|CLONE_FILES|CLONE_THREAD, stack_size=0x7fff80} => {parent_tid=[2]}, 88) = 2",
    '1 openat(AT_FDCWD</>, "/data/f", O_RDWR|O_CREAT|O_EXCL|O_CLOEXEC, 0600) = 7</data/f>',
    '1 writev(7</data/f>, [{iov_base="a\\"b\\\\", iov_len=4}, {iov_base="\\0\\n\\377\\0019", iov_len=5}], 2) = 9',
    '2 write(7</data/f>, "cut) = 12345", 12) = 3',
    '1 pwrite64(7</data/f>, "z", 1, 4096) = 1',
    "1 ftruncate(7</data/f>, 5) = 0",
    '1 write(7</data/f>(deleted), "gone", 4) = 4',
  );
  expect(readTrace(output)).toMatchObject([
    { kind: "create", path: "/data/f" },
    { kind: "write", path: "/data/f", offset: 0, bytes: Buffer.from('a"b\\\0\n\xff\x019', "latin1") },
    { kind: "write", path: "/data/f", offset: 9, bytes: Buffer.from("cut") },
    { kind: "write", path: "/data/f", offset: 4096, bytes: Buffer.from("z") },
    { kind: "truncate", path: "/data/f", length: 5 },
  ]);
});

test("knows the descriptors of one process from those of another", () => {
  const open = (thread: number, path: string) =>
    `${thread} openat(AT_FDCWD</>, "${path}", O_WRONLY|O_CREAT|O_CLOEXEC, 0600) = 7<${path}>`;
  const output = lines(
    open(1, "/data/f"),
    '1 write(7</data/f>, "abc", 3) = 3',
    open(5, "/data/g"),
    "1 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x7) = 5",
    '5 write(7</data/g>, "de", 2) = 2',
    '1 write(7</data/f>, "f", 1) = 1',
    '6 write(7</data/g>, "g", 1) = 1',
    "5 clone3({flags=CLONE_VM|CLONE_FILES|CLONE_THREAD, stack_size=0x7fff80} => {parent_tid=[6]}, 88) = 6",
  );
  const writes = readTrace(output).flatMap((event) =>
    event.kind === "write" ? [`${event.path} ${event.offset}`] : [],
  );
  expect(writes).toEqual(["/data/f 0", "/data/g 0", "/data/f 3", "/data/g 2"]);
});

test("tells what goes to a connection from what goes elsewhere", () => {
  const output = lines(
    '1 write(34<TCP:[127.0.0.1:3999->127.0.0.1:50802]>, "HTTP/1.1 200 OK\\r\\n", 17) = 17',
    '1 write(8<{eventfd-count=0, eventfd-id=51, eventfd-semaphore=0}>, "\\1\\0\\0\\0\\0\\0\\0\\0", 8) = 8',
    '1 write(6<pipe:[195443]>, "*", 1) = 1',
  );
  expect(readTrace(output)).toEqual([{ kind: "send", bytes: Buffer.from("HTTP/1.1 200 OK\r\n"), begin: 0, end: 0 }]);
});

test("refuses what it would misread: strings that are cut off, and ways of writing that it does not know", () => {
  expect(() => readTrace(lines('1 write(7</data/f>, "abc"..., 9000) = 9000'))).toThrow("cut off");
  expect(() => readTrace(lines("1 fallocate(7</tmp/sluice-x/f>, 0, 0, 4096) = 0"))).toThrow("fallocate");
});
