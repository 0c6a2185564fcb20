import { createRootRoute, createRoute, createRouter, redirect } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { LibraryPage } from "./library/library-page.tsx";
import { libraryState } from "./library/library-state.ts";
import { jobsState, webhooksState } from "./operations/operations-state.ts";
import { Busy } from "./shell/busy.tsx";
import { NotFound } from "./shell/not-found.tsx";
import { Shell } from "./shell/shell.tsx";

const TrashPage = lazy(async () => ({ default: (await import("./trash/trash-page.tsx")).TrashPage }));

const SettingsPage = lazy(async () => ({ default: (await import("./settings/settings-page.tsx")).SettingsPage }));

const PlaygroundPage = lazy(async () => ({
  default: (await import("./playground/playground-page.tsx")).PlaygroundPage,
}));

const WebhooksPage = lazy(async () => ({ default: (await import("./operations/webhooks-page.tsx")).WebhooksPage }));

const JobsPage = lazy(async () => ({ default: (await import("./operations/jobs-page.tsx")).JobsPage }));

const HealthPage = lazy(async () => ({ default: (await import("./operations/health-page.tsx")).HealthPage }));

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/library/$", params: { _splat: "" } });
  },
});

const libraryRoute = createRoute({
  getParentRoute: () => root,
  path: "/library/$",
  validateSearch: libraryState,
  component: LibraryPage,
});

const trashRoute = createRoute({
  getParentRoute: () => root,
  path: "/trash",
  component: () => (
    <Suspense fallback={<Busy size="md" />}>
      <TrashPage />
    </Suspense>
  ),
});

const settingsRoute = createRoute({
  getParentRoute: () => root,
  path: "/settings/$part",
  component: () => (
    <Suspense fallback={<Busy size="md" />}>
      <SettingsPage />
    </Suspense>
  ),
});

const playgroundRoute = createRoute({
  getParentRoute: () => root,
  path: "/playground",
  component: () => (
    <Suspense fallback={<Busy size="md" />}>
      <PlaygroundPage />
    </Suspense>
  ),
});

const webhooksRoute = createRoute({
  getParentRoute: () => root,
  path: "/webhooks",
  validateSearch: webhooksState,
  component: () => (
    <Suspense fallback={<Busy size="md" />}>
      <WebhooksPage />
    </Suspense>
  ),
});

const jobsRoute = createRoute({
  getParentRoute: () => root,
  path: "/jobs",
  validateSearch: jobsState,
  component: () => (
    <Suspense fallback={<Busy size="md" />}>
      <JobsPage />
    </Suspense>
  ),
});

const healthRoute = createRoute({
  getParentRoute: () => root,
  path: "/health",
  component: () => (
    <Suspense fallback={<Busy size="md" />}>
      <HealthPage />
    </Suspense>
  ),
});

const DevelopersPage = lazy(async () => ({
  default: (await import("./developers/developers-page.tsx")).DevelopersPage,
}));

const developersRoute = createRoute({
  getParentRoute: () => root,
  path: "/developers/$part",
  component: () => (
    <Suspense fallback={<Busy size="md" />}>
      <DevelopersPage />
    </Suspense>
  ),
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    libraryRoute,
    trashRoute,
    settingsRoute,
    playgroundRoute,
    webhooksRoute,
    jobsRoute,
    healthRoute,
    developersRoute,
  ]),
  basepath: "/console",
  defaultPreload: false,
  scrollRestoration: false,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
