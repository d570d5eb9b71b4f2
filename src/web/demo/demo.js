// What the platform's own pages do to ask for support: name a way to a token, and who is asking. The rest is the form's.

let token;

/** The platform's backend knows who is signed in. A token that was refused is replaced by a fresh one. */
async function getToken({ refresh }) {
  if (refresh || !token) {
    const answer = await fetch('token', { method: 'POST' });
    if (!answer.ok) throw new Error(`the platform's backend answered ${answer.status}`);
    ({ token } = await answer.json());
  }
  return token;
}

const form = document.querySelector('request-support');
form.getToken = getToken;
form.contact = { name: 'Ada Fischer', email: 'ada.fischer@acme.example' };
form.addEventListener('request-support:success', ({ detail: receipt }) => {
  const note = document.getElementById('requested');
  const reference = document.createElement('code');
  reference.textContent = receipt.reference;
  note.replaceChildren('Support was requested from this page: ', reference);
  note.hidden = false;
});

// "More": a list of buttons that the button before it shows.
const more = document.getElementById('more');
if (more) {
  const menu = document.getElementById('menu');
  const show = (shown) => {
    menu.hidden = !shown;
    more.setAttribute('aria-expanded', String(shown));
  };
  more.addEventListener('click', () => show(menu.hidden));
  document.addEventListener('click', (event) => {
    if (!event.composedPath().includes(more.parentElement)) show(false);
  });
  more.parentElement.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || menu.hidden) return;
    show(false);
    more.focus();
  });
  document.getElementById('request-support').addEventListener('click', () => {
    show(false);
    // The dialog gives the focus back to where it was, and the menu is gone by then.
    more.focus();
    form.open();
  });
  document.getElementById('copy-id').addEventListener('click', async () => {
    show(false);
    more.focus();
    await navigator.clipboard?.writeText(form.getAttribute('run')).catch(() => {});
  });
}

// Light or dark, kept for the next page where the browser lets a page keep things.
const root = document.documentElement;
const dark = matchMedia('(prefers-color-scheme: dark)');
const isDark = () => (root.dataset.theme ?? (dark.matches ? 'dark' : 'light')) === 'dark';
const theme = document.getElementById('theme');
const apply = () => theme.setAttribute('aria-pressed', String(isDark()));
theme.addEventListener('click', () => {
  root.dataset.theme = isDark() ? 'light' : 'dark';
  try {
    localStorage.setItem('theme', root.dataset.theme);
  } catch {
    // Then it is for this page only.
  }
  apply();
});
dark.addEventListener('change', apply);
try {
  const kept = localStorage.getItem('theme');
  if (kept) root.dataset.theme = kept;
} catch {
  // As above.
}
apply();
