import { ActionIcon, CloseButton, Drawer, Menu, useMantineColorScheme } from "@mantine/core";
import { useDisclosure, useHotkeys } from "@mantine/hooks";
import { Link, Outlet, useMatchRoute } from "@tanstack/react-router";
import {
  BookOpen,
  CodeXml,
  Images,
  Keyboard,
  LogOut,
  Menu as MenuIcon,
  Monitor,
  Moon,
  Settings,
  Sun,
  Trash2,
  User,
  Wand2,
} from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { signOut, useMayChange, useSession } from "../door/session.ts";
import { FolderTree } from "../library/folder-tree.tsx";
import { texts } from "../texts/texts.ts";
import { UploadPanel } from "../uploads/upload-panel.tsx";
import { Brand } from "./brand.tsx";
import { Operations } from "./operations.tsx";
import { ReachBar } from "./reach-bar.tsx";
import styles from "./shell.module.css";
import { tellProblem } from "./tell-problem.ts";
import { useFreshness } from "./use-freshness.ts";

const KeysSheet = lazy(async () => ({ default: (await import("./keys-sheet.tsx")).KeysSheet }));

const words = texts.shell;

/** The frame around every view: where one is, where one can go, and who one is. */
export function Shell() {
  const [isMenuOpen, menu] = useDisclosure();
  const [isSheetOpen, sheet] = useDisclosure();
  useFreshness();
  useHotkeys([["shift+?", sheet.open]]);
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#view">
        {words.skip}
      </a>
      <header className={styles.header}>
        <ActionIcon
          className={styles.burger}
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={words.menu}
          onClick={menu.open}
        >
          <MenuIcon size={20} />
        </ActionIcon>
        <Link to="/library/$" params={{ _splat: "" }} className={styles.home}>
          <Brand />
        </Link>
        <div id="header-middle" className={styles.middle} />
        <AccountMenu onKeys={sheet.open} />
      </header>
      <nav className={styles.side} aria-label={words.navigation}>
        <Navigation />
      </nav>
      <main id="view" className={styles.view} tabIndex={-1}>
        <ReachBar />
        <SharedOrigin />
        <Outlet />
      </main>
      <UploadPanel />
      <Drawer
        opened={isMenuOpen}
        onClose={menu.close}
        title={<Brand />}
        size="18rem"
        closeButtonProps={{ "aria-label": words.close }}
        classNames={{ content: styles.drawerContent, body: styles.drawerBody }}
      >
        <nav className={styles.drawer} aria-label={words.navigation}>
          <Navigation onGo={menu.close} />
        </nav>
      </Drawer>
      <Suspense>{isSheetOpen && <KeysSheet onClose={sheet.close} />}</Suspense>
    </div>
  );
}

const sharedOriginKey = "sluice-shared-origin";

/** Warns once in each browser where files of users are delivered from this page's own origin. */
function SharedOrigin() {
  const { sharesOrigin } = useSession();
  const [isKnown, setKnown] = useState(() => localStorage.getItem(sharedOriginKey) !== null);
  if (!sharesOrigin || isKnown || isLoopback()) return null;
  return (
    <div className={styles.notice} role="note">
      <span>{words.sharedOrigin}</span>
      <CloseButton
        size="sm"
        aria-label={texts.done.dismiss}
        onClick={() => {
          localStorage.setItem(sharedOriginKey, "known");
          setKnown(true);
        }}
      />
    </div>
  );
}

/** On a developer's own machine nobody else uploads. */
function isLoopback(): boolean {
  return /^(?:localhost|127\..*|\[::1\])$/.test(location.hostname);
}

function Navigation({ onGo }: { readonly onGo?: () => void }) {
  const mayChange = useMayChange();
  const matchRoute = useMatchRoute();
  // These views have several parts, and a link leads to one of them.
  const isInDevelopers = matchRoute({ to: "/developers/$part", includeSearch: false }) !== false;
  const isInSettings = matchRoute({ to: "/settings/$part", includeSearch: false }) !== false;
  return (
    <>
      <Link
        to="/library/$"
        params={{ _splat: "" }}
        className={styles.place}
        activeOptions={{ exact: false }}
        onClick={onGo}
      >
        <Images size={18} aria-hidden />
        {words.library}
      </Link>
      <FolderTree onGo={onGo} />
      <Link to="/trash" className={styles.place} onClick={onGo}>
        <Trash2 size={18} aria-hidden />
        {words.trash}
      </Link>
      <Link to="/playground" className={styles.place} onClick={onGo}>
        <Wand2 size={18} aria-hidden />
        {texts.playground.title}
      </Link>
      {mayChange && (
        <Link
          to="/developers/$part"
          params={{ part: "refusals" }}
          className={styles.place}
          aria-current={isInDevelopers ? "page" : undefined}
          onClick={onGo}
        >
          <CodeXml size={18} aria-hidden />
          {words.developers}
        </Link>
      )}
      <Link
        to="/settings/$part"
        params={{ part: "usage" }}
        className={styles.place}
        aria-current={isInSettings ? "page" : undefined}
        onClick={onGo}
      >
        <Settings size={18} aria-hidden />
        {words.settings}
      </Link>
      <Operations onGo={onGo} />
    </>
  );
}

const schemes = [
  { scheme: "light", label: words.light, icon: Sun },
  { scheme: "dark", label: words.dark, icon: Moon },
  { scheme: "auto", label: words.system, icon: Monitor },
] as const;

function AccountMenu({ onKeys }: { readonly onKeys: () => void }) {
  const { account, session } = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <ActionIcon variant="default" size="lg" radius="xl" aria-label={words.account}>
          <User size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {account.imagekitId}
          {session.role === "read" && ` · ${words.readOnly}`}
        </Menu.Label>
        <Menu.Item
          component="a"
          href={new URL("/docs/api", account.urlEndpoint).href}
          target="_blank"
          leftSection={<BookOpen size={16} />}
        >
          {words.reference}
        </Menu.Item>
        <Menu.Item leftSection={<Keyboard size={16} />} onClick={onKeys}>
          {words.keys}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{words.theme}</Menu.Label>
        {schemes.map(({ scheme, label, icon: SchemeIcon }) => (
          <Menu.Item
            key={scheme}
            role="menuitemradio"
            aria-checked={colorScheme === scheme}
            className={styles.scheme}
            leftSection={<SchemeIcon size={16} />}
            onClick={() => setColorScheme(scheme)}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<LogOut size={16} />} onClick={() => void leave()}>
          {words.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

async function leave(): Promise<void> {
  await signOut().catch(tellProblem);
}
