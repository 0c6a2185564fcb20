/** The folders of packages/server/src, from the top floor down. */
export const floors = [
  {
    "main.ts": "the program: environment, signals, exit code",
    "index.ts": "what programs that embed the server import",
  },
  { cli: "the commands" },
  { workers: "`--workers`: the supervisor, its workers, the calls between them" },
  { app: "composition: opens the parts, hands them to those below, lists scripts and jobs" },
  { http: "plugins and routes, one file a resource" },
  {
    web: "what browsers are given: the client, the demo, the console's app",
    console: "who is signed in to the web console",
  },
  {
    backup: "backing a library up, and restoring it",
    maintenance: "sweep and fsck",
    "account-data": "exporting and erasing an account",
    downloads: "selections of files as one ZIP",
  },
  { upload: "an upload: receive the form, resolve what is asked, store it; its outcome" },
  { delivery: "URLs to pictures and files: access, answers, headers, derived images, purges" },
  { extensions: "what `extensions` asks for, and who provides it" },
  { endpoints: "URL endpoints, and origins from which files are read" },
  { library: "files, versions, custom metadata, named transformations; how a version enters" },
  { events: "the outbox of events, and webhooks" },
  {
    accounts: "accounts, key pairs, quotas, switches",
    "virus-scan": "clamd",
    usage: "what accounts use, by the day",
    refusals: "the recent refusals of each account, in memory",
  },
  { spool: "files that are being received" },
  { media: "types, sizes, metadata and pictures, from bytes" },
  {
    jobs: "the queue of jobs, and its two adapters",
    nodes: "the processes that serve the library, and what all of them have to know",
  },
  { database: "schema, repositories, two engines" },
  { access: "who asks, and what it may see" },
  { ipc: "calls between processes of this machine" },
  { storage: "stores of blobs" },
  { network: "what the server may connect to" },
  { config: "settings, limits, plans" },
  {
    observability: "log, metrics, progress",
    concurrency: "waiting lines and budgets",
    text: "ids, names and parameters",
  },
] as const satisfies readonly Readonly<Record<string, string>>[];

/** Pairs of folders that import each other despite the order, each with the reason. At most two are allowed. */
export const pairs: readonly { readonly lower: string; readonly upper: string; readonly why: string }[] = [];

/** npm packages that only these folders may import, so that the rest of the server stays free of their concerns. */
export const reservedPackages: Readonly<Record<string, readonly string[]>> = {
  fastify: ["http"],
  "@fastify/": ["http"],
  kysely: ["database", "jobs"],
  pg: ["database", "jobs"],
  "pg-boss": ["jobs"],
  "@aws-sdk/": ["storage"],
};

/** The project's own packages that each package may import. */
export const packages: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  grammar: [],
  "auto-tagging": [],
  pages: [],
  fonts: [],
  video: [],
  token: ["protocol"],
  client: ["protocol", "token"],
  console: ["protocol", "client", "token", "grammar"],
  server: ["protocol", "grammar", "token", "client", "auto-tagging", "pages", "fonts", "video"],
};
