import { escapeHtml } from "./escape-html.ts";
import type { FramedPage } from "./frame.ts";
import { highlight } from "./highlight.ts";
import type { NavigationGroup } from "./navigation.ts";
import { type Picture, pictureMarkup } from "./picture-markup.ts";

interface Task {
  readonly slug: string;
  readonly title: string;
  readonly text: string;
}

/** The tasks that readers come with, the most frequent first. */
export const tasks: readonly Task[] = [
  { slug: "guides/browser", title: "Upload from a web page", text: "Three lines of HTML, or one function call." },
  { slug: "guides/react", title: "Upload from React", text: "A component with progress, pause and retry." },
  { slug: "guides/nextjs", title: "Upload from Next.js", text: "A route handler for tokens, and a page." },
  { slug: "guides/phone", title: "Upload from a phone", text: "Swift, Kotlin, React Native, any tus client." },
  { slug: "guides/pictures", title: "Serve images", text: "Any size and format, from one URL." },
  { slug: "search", title: "Search the library", text: "Names, tags, metadata, similar pictures." },
  { slug: "webhooks", title: "Get notified of uploads", text: "Signed webhooks, with retries." },
  { slug: "operate/overview", title: "Go to production", text: "Docker, systemd, Kubernetes, proxies." },
  { slug: "coming-from-imagekit", title: "Move from ImageKit", text: "Your SDK, another base URL." },
];

const reasons: readonly { readonly title: string; readonly text: string }[] = [
  {
    title: "Only the uploads you allow",
    text: "Your backend signs a token for one upload. It locks folder, name, tags, size and type. The server compares them with the file's bytes, and each token works once.",
  },
  {
    title: "Your backend never handles files",
    text: "Files go straight from browsers and phones to Sluice, and large ones resume after a broken connection. Your backend only signs a few hundred bytes.",
  },
  {
    title: "One original, every size",
    text: "The URL sets the size, crop and format. Sluice renders the image once and keeps it. Browsers that support WebP get it, and AVIF if you turn it on.",
  },
  {
    title: "Yours to run",
    text: "One process, SQLite and a folder to begin with. PostgreSQL, S3 and several nodes when you need them. Apache-2.0.",
  },
];

const steps: readonly { readonly title: string; readonly language: string; readonly code: string }[] = [
  { title: "Start the server", language: "sh", code: "npm ci && npm start" },
  {
    title: "Sign tokens in your backend",
    language: "js",
    code: `import { uploadTokenHandler } from "@sluice/token";

export const POST = uploadTokenHandler({
  keys, // the pair that the server has printed
  authorize: (request) => userOf(request),
  policy: (user) => ({
    allow: ["fileName"],
    force: { folder: \`/users/\${user.id}\` },
    checks: { fileTypes: ["image/*"], maxSize: "10MB" },
  }),
});`,
  },
  {
    title: "Add the uploader to your page",
    language: "html",
    code: `<script
  type="module"
  src="http://127.0.0.1:3000/_sluice/client.js"
></script>

<sluice-uploader
  token-endpoint="/api/upload-token"
  accept="image/*"
  multiple
></sluice-uploader>`,
  },
];

/** The first page of the site: what Sluice is, how to start, where to go on. */
export function startPage(groups: readonly NavigationGroup[], pictures: ReadonlyMap<string, Picture>): FramedPage {
  const description =
    "Sluice is a server for direct uploads from browsers and phones into a media library that you host.";
  const html = `<section class="hero">
<div>
<h1>Your media library, on your own server</h1>
<p class="lead">Sluice takes uploads straight from browsers and phones, each locked by a one-time token that your backend signs, and serves images and videos in any size from a URL. It speaks ImageKit's Upload API V2 and media API, so the official SDKs work unchanged.</p>
<p class="actions"><a class="main-action" href="getting-started">Start in 60 seconds</a> <a href="guides/nextjs">With Next.js</a> <a href="comparison">How it compares</a></p>
</div>
${picture(pictures, "docs/images/console.webp", "The web console: a library of pictures, one of them open with its URL, its tags and a large preview")}
</section>
<section class="steps" aria-labelledby="steps">
<h2 id="steps">Three steps to an upload</h2>
<ol>${steps.map(step).join("\n")}</ol>
<p><a href="getting-started">Getting started</a> walks you through them with curl, a backend and a page. The first start prints your keys and a link to a demo page where you can try an upload right away.</p>
</section>
<section aria-labelledby="tasks">
<h2 id="tasks">What do you want to do?</h2>
<ul class="cards">${tasks.map(card).join("\n")}</ul>
</section>
<section class="reasons" aria-labelledby="reasons">
<h2 id="reasons">Why Sluice</h2>
<div class="why">
<dl>${reasons.map(({ title, text }) => `<div><dt>${title}</dt><dd>${text}</dd></div>`).join("\n")}</dl>
${picture(pictures, "docs/images/upload-flow.svg", "A browser gets a token from your backend, uploads the file straight to Sluice, and later loads it by its URL")}
</div>
</section>
<section aria-labelledby="pages">
<h2 id="pages">All pages</h2>
<div class="index">${groups.map(list).join("\n")}</div>
</section>
`;
  return { slug: "", title: "Sluice", description, html, headings: [], wide: true };
}

function picture(pictures: ReadonlyMap<string, Picture>, file: string, text: string): string {
  return pictureMarkup({ pictures, file, text, addressOf: (path) => path, lazy: false });
}

function step({ title, language, code }: (typeof steps)[number]): string {
  return `<li><h3>${title}</h3><div class="code"><pre tabindex="0" role="group" aria-label="Code, ${language}"><code>${highlight(code, language)}</code></pre></div></li>`;
}

function card({ slug, title, text }: Task): string {
  return `<li><a href="${slug}"><strong>${title}</strong><span>${text}</span></a></li>`;
}

function list({ title, entries }: NavigationGroup): string {
  const items = entries.map(({ title: name, page }) => `<li><a href="${page.slug}">${escapeHtml(name)}</a></li>`);
  return `<div><h3>${escapeHtml(title)}</h3><ul>${items.join("")}</ul></div>`;
}
