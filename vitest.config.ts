import { availableParallelism } from "node:os";
import { playwright } from "@vitest/browser-playwright";
import { compile } from "svelte/compiler";
import { defineConfig, type Plugin } from "vitest/config";
import { embeddedOnly } from "./acceptance/src/harness/embedded-only.ts";
import { type LeftOut, wholeFiles } from "./acceptance/src/harness/left-out.ts";
import { oneProcessOnly } from "./acceptance/src/harness/one-process-only.ts";
import { browserProgram } from "./scripts/browser-program.ts";
import { longFilesFirst } from "./scripts/long-files-first.ts";
import { aloneFiles, suiteFiles, waitingFiles } from "./scripts/soak-groups.ts";

const conditions = ["sluice-source"];
const execArgv = conditions.map((condition) => `--conditions=${condition}`);

/**
 * Node loads the tests and the sources by itself. With Vite's loader, which wraps each import, the unit tests took a
 * quarter more processor time.
 */
const native = { execArgv, experimental: { viteModuleRunner: false, nodeLoader: false } };

/** Keeps Vite's condition "development" from Node, for which some packages name sources that Node can't load. */
const ownConditions: Plugin = {
  name: "own-conditions",
  configResolved({ ssr }) {
    if (ssr.resolve) ssr.resolve.conditions = conditions;
  },
};
const source = { resolve: { conditions }, ssr: { resolve: { conditions } }, plugins: [ownConditions] };

/** Has unit tests start the thread that writes to SQLite from the bundle that `SLUICE_TEST_PROGRAM` names. */
const writerFromBundle = `--import=${new URL("scripts/services/writer-from-bundle.ts", import.meta.url)}`;

/** Polling waits this long, because the machine may be busy. The awaited state normally comes soon. */
const patient = { expect: { poll: { timeout: 15_000 } } };

const linearTime = "packages/grammar/src/**/*linear-time.test.ts";

/** Unit tests that take more than three seconds. `npm run check`, which is for every edit, leaves them out. */
const longUnitTests = [
  "packages/server/src/jobs/sqlite/sqlite-job-queue.test.ts",
  "packages/server/src/jobs/postgres/postgres-job-queue.test.ts",
  "packages/server/src/cli/webhook.test.ts",
  "packages/server/src/cli/serve.test.ts",
  "packages/server/src/media/image/render/drawing/drawings.test.ts",
  "packages/server/src/media/processes/local-media-processes.test.ts",
  "packages/server/src/media/processes/media-process.test.ts",
  "packages/server/src/media/processes/process-pool.test.ts",
  "packages/server/src/media/video/both-engines.test.ts",
  "packages/server/src/database/sqlite/writer.test.ts",
  "packages/server/src/app/writer-recovery.test.ts",
  "packages/auto-tagging/src/picture-detector.test.ts",
  "packages/pages/src/pdf/read-pdf.test.ts",
  "packages/server/src/app/app-on-postgres.test.ts",
  "packages/server/src/app/app.test.ts",
  "packages/server/src/app/single-process.test.ts",
  "packages/server/src/app/damaged-backups.test.ts",
  "packages/server/src/backup/place-hold.test.ts",
  "packages/server/src/cli/account-keys.test.ts",
  "packages/server/src/cli/console-link.test.ts",
  "packages/server/src/cli/new-keys.test.ts",
  "packages/server/src/delivery/find/access-matrix.test.ts",
  "packages/server/src/delivery/origins/origins.test.ts",
  "packages/server/src/http/answers-under-way.test.ts",
  "packages/server/src/http/plugins/slow-requests.test.ts",
  "packages/server/src/http/routes/custom-metadata-fields.test.ts",
  "packages/server/src/http/routes/resumable/interruptions.test.ts",
  "packages/server/src/media/image/render/layers/layers.test.ts",
  "packages/server/src/media/image/render/outputs.test.ts",
  "packages/server/src/media/image/render/pages/pages.test.ts",
  "packages/server/src/media/image/render/sources.test.ts",
  "packages/server/src/media/image/render/text/texts.test.ts",
  "packages/server/src/network/remote-get.test.ts",
  "packages/server/src/storage/disk-blob-store.test.ts",
  "packages/server/src/upload/form/multipart/multipart-reader.property.test.ts",
  "packages/server/src/upload/form/receive/body-reader.test.ts",
  "packages/server/src/upload/resumable/leases.test.ts",
];

/** Tests that stand beside what they test. */
function unit(name: string, options: { include: string[]; exclude: string[] }) {
  const own = { name, ...options, ...patient, ...native, testTimeout: 30_000, hookTimeout: 30_000 };
  const preloaded = process.env.SLUICE_TEST_PROGRAM ? [writerFromBundle] : [];
  // Loading the same modules for each of hundreds of files took a third as long as running their tests.
  return { ...source, test: { ...own, execArgv: [...execArgv, ...preloaded], isolate: false } };
}

const svelteComponents = {
  name: "svelte-components",
  transform: (code: string, id: string) =>
    id.endsWith(".svelte") ? compile(code, { filename: id, generate: "client" }).js : undefined,
};

/** A project of black-box tests. Each file starts its own servers. */
function acceptance(
  name: string,
  options: {
    include: string[];
    exclude: string[];
    isolate: boolean;
    env?: Record<string, string>;
    setupFiles?: string[];
    fileParallelism?: boolean;
    maxWorkers?: number;
    sequence?: { groupOrder: number };
  },
) {
  return { ...source, test: { name, ...options, ...patient, ...native, testTimeout: 60_000, hookTimeout: 60_000 } };
}

/** Files of the soak that take minutes. */
const longFiles = [
  "testing/interleavings/content-of-three.soak.ts",
  "acceptance/src/rolling-restart.soak.ts",
  "delivery/renditions/pictures/any-urls.soak.ts",
  "durability/crash.soak.ts",
  "testing/interleavings/large-content.soak.ts",
  "acceptance/src/organising-storm.soak.ts",
  "acceptance/src/workers-races.soak.ts",
];

/** Kills and power cuts are tried on a disk, also where the files of other tests stay in memory. */
const onDisk: Record<string, string> = process.env.SLUICE_TEST_DISK ? { TMPDIR: process.env.SLUICE_TEST_DISK } : {};

/** Compares every answer that a test gets with the API's reference. */
const holdAnswers = "acceptance/src/harness/set-up-answers.ts";

const inSuite = (name: string) => `acceptance/src/${name}`;
const filesLeftOut = (leftOut: LeftOut) => wholeFiles(leftOut).map(inSuite);

/** Tests of what only the second pair of engines can break: locks, collation, jobs, and ranges of stored files. */
const engineFiles = [
  "concurrency.test.ts",
  "delivery.test.ts",
  "folders.test.ts",
  "names-and-folders.test.ts",
  "organising-storm.test.ts",
  "webhooks.test.ts",
].map(inSuite);

/** The acceptance suite with its files that are too long for `npm test`. */
const wholeSuite = ["acceptance/src/**/*.test.ts", ...suiteFiles];
const manyNodes = "acceptance/src/*-nodes.soak.ts";
const inBrowser = ["**/*.browser.test.ts", "**/*.browser.soak.ts"];

/** Has the servers of tests share a process (`acceptance/src/harness/server.ts`). */
const hosted = { SLUICE_TEST_HOST: "shared" };

const onCluster = {
  isolate: false,
  env: { SLUICE_TEST_PAIR: "cluster" },
  setupFiles: ["acceptance/src/harness/set-up-cluster.ts", holdAnswers],
};

export default defineConfig({
  test: {
    // Most tests wait for servers, clocks and disks rather than compute. One file at a time left half of the cores
    // idle. Three files at a time on two cores made time-sensitive tests fail.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // The tests of one file that may run at the same time. They wait most of the time, and more of them would wait for
    // each other on a busy machine.
    maxConcurrency: 3,
    sequence: { sequencer: longFilesFirst([...longFiles, ...waitingFiles]) },
    projects: [
      unit("unit", {
        include: ["packages/*/src/**/*.test.ts", "bench/src/**/*.test.ts", "scripts/**/*.test.ts"],
        exclude: ["**/*.browser.test.ts", linearTime, ...longUnitTests],
      }),
      // Vitest takes the projects in the order of their names. These files come before the many short ones of "unit", so
      // that no core is idle while the last of them waits.
      unit("long-unit", { include: longUnitTests, exclude: [] }),
      // These tests count steps, which V8 no longer does in code that it has compiled for other tests.
      { ...source, test: { name: "linear-time", include: [linearTime], ...native } },
      {
        ...source,
        resolve: { conditions: [...conditions, "module", "browser", "development"] },
        plugins: [svelteComponents],
        // If Vite found these only while the tests run, it would reload the page under them.
        optimizeDeps: {
          include: [
            "@tanstack/react-query",
            "fast-check",
            "jose",
            "react",
            "react-dom",
            "react-dom/client",
            "react/jsx-dev-runtime",
            "svelte",
            "svelte/internal/client",
            "svelte/internal/disclose-version",
            "svelte/internal/flags/async",
            "vue/dist/vue.esm-browser.js",
          ],
        },
        test: {
          name: "browser",
          include: [
            "packages/token/src/**/*.test.ts",
            "packages/client/src/**/*.browser.test.ts",
            "packages/console/src/**/*.browser.test.ts",
          ],
          exclude: ["**/*.node.test.ts"],
          ...patient,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: {
                executablePath: browserProgram,
                args: [
                  "--no-sandbox",
                  "--disable-gpu",
                  "--disable-quic",
                  "--no-first-run",
                  "--disable-background-networking",
                  "--disable-component-update",
                  "--disable-sync",
                ],
              },
            }),
            instances: [{ browser: "chromium" }],
          },
        },
      },
      acceptance("acceptance", {
        include: ["acceptance/src/**/*.test.ts"],
        exclude: inBrowser,
        isolate: false,
        env: hosted,
        setupFiles: [holdAnswers],
      }),
      acceptance("acceptance-engines", {
        ...onCluster,
        include: engineFiles,
        exclude: [],
        env: { ...onCluster.env, ...hosted },
      }),
      acceptance("acceptance-long", {
        include: [...suiteFiles],
        exclude: [manyNodes],
        isolate: false,
        env: hosted,
        setupFiles: [holdAnswers],
      }),
      acceptance("acceptance-cluster", {
        ...onCluster,
        include: wholeSuite,
        exclude: [...inBrowser, ...filesLeftOut(embeddedOnly)],
      }),
      // The flows of the web console on that pair, without its looks.
      acceptance("acceptance-console-cluster", {
        ...onCluster,
        include: ["acceptance/src/console*.browser.soak.ts"],
        exclude: filesLeftOut(embeddedOnly),
      }),
      // The acceptance tests on two processes of one machine.
      acceptance("acceptance-workers", {
        include: wholeSuite,
        exclude: [...inBrowser, manyNodes, ...filesLeftOut(oneProcessOnly)],
        isolate: false,
        env: { SLUICE_WORKERS: "2" },
        setupFiles: ["acceptance/src/harness/set-up-workers.ts", holdAnswers],
      }),
      acceptance("acceptance-browser", {
        include: ["acceptance/src/**/*.browser.test.ts"],
        exclude: [],
        isolate: false,
        env: hosted,
        setupFiles: [holdAnswers],
      }),
      acceptance("soak-browser", {
        include: ["acceptance/src/**/*.browser.soak.ts"],
        exclude: [],
        isolate: false,
        env: hosted,
        setupFiles: [holdAnswers],
      }),
      acceptance("proof", {
        include: ["acceptance/src/**/*.proof.ts", "packages/*/src/**/*.proof.ts", "scripts/**/*.proof.ts"],
        exclude: [],
        isolate: true,
      }),
      // Each test there limits its own time, and `npm run test:soak` limits the whole. Some tests measure the memory of
      // the process that they run in.
      acceptance("soak-packages", {
        include: ["packages/*/src/**/*.soak.ts", "bench/src/**/*.soak.ts", "scripts/**/*.soak.ts"],
        exclude: [],
        isolate: true,
      }),
      acceptance("soak", {
        include: ["acceptance/src/**/*.soak.ts"],
        exclude: [...inBrowser, ...suiteFiles, ...waitingFiles, ...aloneFiles],
        isolate: true,
        env: onDisk,
      }),
      // These files run behind all others.
      acceptance("soak-waiting", {
        include: [...waitingFiles],
        exclude: [],
        isolate: true,
        maxWorkers: availableParallelism() + 1,
        sequence: { groupOrder: 1 },
        env: onDisk,
      }),
      // Vitest runs these files one at a time when all others are done.
      acceptance("soak-alone", {
        include: [...aloneFiles],
        exclude: [],
        isolate: true,
        fileParallelism: false,
        env: onDisk,
      }),
    ],
  },
});
