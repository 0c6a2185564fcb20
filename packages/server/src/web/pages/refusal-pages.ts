import type { ServerPage } from "./server-page.ts";
import { noticePage } from "./server-page.ts";

/** The page at a URL of the server at which there is nothing. */
export const noSuchPage: ServerPage = noticePage({
  heading: "Page not found",
  body: `<p>There is nothing at this URL. It may be mistyped, or the page may have moved.</p>
<p class="actions"><a class="button" href="/">Go to the start page</a></p>`,
});

/** The same in the documentation. */
export const noSuchDocumentationPage: ServerPage = noticePage({
  heading: "Page not found",
  body: `<p>The documentation has no page at this URL. It may be mistyped, or the page may have moved.</p>
<p class="actions"><a class="button" href="/docs/">Open the documentation</a></p>`,
});

/**
 * The pages for people who open the URL of a file and don't get it, by the status of the refusal. They say no more than
 * the status does: whether there is a file at this URL is not for everybody to know.
 */
export const fileRefusalPages: Readonly<Partial<Record<number, ServerPage>>> = {
  401: noticePage({
    heading: "This link doesn't open the file",
    body: "<p>The link may have expired or be incomplete. Ask the person who sent it for a new one.</p>",
    linked: false,
  }),
  403: noticePage({
    heading: "You can't open this file from here",
    body: "<p>Its owner limits where files can be opened.</p>",
    linked: false,
  }),
  404: noticePage({
    heading: "File not found",
    body: "<p>The file may have been moved, renamed or deleted, or the link may be incomplete.</p>",
    linked: false,
  }),
};
