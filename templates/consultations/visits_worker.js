{% load static %}/* The service worker of visits: the form opens without a network, and what is sent in vain is kept.
   It touches nothing but the form, its files, and signing in and out. */
importScripts("{% static "js/visit_queue.js" %}");

const FORM = "{% url "consultations:visit_new" %}";
const KEPT_FORM = "{% url "consultations:visit_offline" %}";
const STATIC = "{% get_static_prefix %}";
const LEAVING = [{% for address in leaving %}"{{ address }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
const CACHE = "visits";
// How long a network that is said to be there may be silent.
const READING = 4000;
const SENDING = 15000;
const OUT_OF_REACH = [502, 503, 504];

const queue = new VisitQueue();

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => {
  if (event.data === "keep") event.waitUntil(keepForm().catch(() => {}));
});

self.addEventListener("fetch", (event) => {
  const request = event.request;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.method === "POST" && LEAVING.includes(pathname)) event.waitUntil(caches.delete(CACHE));
  else if (request.method === "POST" && pathname === FORM) event.respondWith(sent(request));
  else if (request.method !== "GET") return;
  else if (request.mode === "navigate" && [FORM, KEPT_FORM].includes(pathname)) event.respondWith(opened(request));
  else if (pathname.startsWith(STATIC)) event.respondWith(fetched(request));
});

async function opened(request) {
  const kept = await caches.match(KEPT_FORM, { ignoreVary: true });
  if (!kept) return fetch(request);
  const late = new Promise((resolve) => setTimeout(resolve, READING, kept));
  return Promise.race([late, fetch(request).catch(() => kept)]);
}

async function fetched(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match(request, { ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
}

/* The key in the form makes sure that what arrived although no answer came is stored once. */
async function sent(request) {
  const entry = VisitQueue.entry(await request.clone().formData());
  // What is sent now is newer than what may wait under the same key.
  await queue.drop(entry.key);
  const late = new Promise((resolve) => setTimeout(resolve, SENDING, null));
  const answer = await Promise.race([late, fetch(request).catch(() => null)]);
  if (answer && !OUT_OF_REACH.includes(answer.status)) return answer;
  await queue.put(entry);
  return Response.redirect(KEPT_FORM, 303);
}

/* The form, its styles, scripts and fonts, as they are today. */
async function keepForm() {
  const page = await fetch(KEPT_FORM, { redirect: "error", cache: "no-store" });
  if (!page.ok) return;
  const cache = await caches.open(CACHE);
  const found = addresses(await page.clone().text(), /(?:href|src)="([^"]+)"/g, page.url);
  const kept = new Set([new URL(KEPT_FORM, location).href]);
  for (const address of found) {
    const answer = await fetch(address);
    if (!answer.ok) continue;
    if (address.endsWith(".css")) addresses(await answer.clone().text(), /url\("?([^")]+)"?\)/g, address).forEach((font) => found.add(font));
    await cache.put(address, answer);
    kept.add(address);
  }
  await cache.put(KEPT_FORM, page);
  for (const old of await cache.keys()) if (!kept.has(old.url)) await cache.delete(old);
  for (const client of await self.clients.matchAll()) client.postMessage("kept");
}

function addresses(text, pattern, base) {
  const found = [...text.matchAll(pattern)].map(([, address]) => new URL(address, base));
  return new Set(found.filter(({ origin, pathname }) => origin === location.origin && pathname.startsWith(STATIC)).map(({ href }) => href));
}
