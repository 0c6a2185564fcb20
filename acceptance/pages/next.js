// What Next.js does with a page in a browser, by a smaller library with the same hooks.

import { h, render } from "preact";
import Page from "../../examples/next/app/page.jsx";

render(h(Page), document.body);
