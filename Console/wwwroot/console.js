// The little that a page cannot do on the server: the browser's time zone, cookies of preferences, keys, and coming back after a restart.
'use strict';
(() => {
  let listener = null;
  // Keys that are pressed while a page is being connected are carried out as soon as it is.
  let early = [];
  const mostEarly = 8;
  const press = key => {
    if (listener) listener.invokeMethodAsync('PressedAsync', key);
    else if (early.length < mostEarly) early.push(key);
  };
  const isTyping = target => target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
  const isControl = target => target instanceof HTMLElement && /^(A|BUTTON|SUMMARY)$/.test(target.tagName);

  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(event.target)) {
      // The first press leaves the field and closes its form; only another one leaves the page, so that nothing written is lost by it.
      if (event.key === 'Escape') { event.target.blur(); press('Leave'); }
      return;
    }
    // Space and Enter already mean something to a link or a button.
    if (isControl(event.target) && (event.key === ' ' || event.key === 'Enter')) return;
    if (event.key === ' ') event.preventDefault();
    if (event.key.length === 1 || event.key === 'Escape' || event.key === 'Enter') {
      if ('jkash/'.includes(event.key)) event.preventDefault();
      press(event.key);
    }
  });

  window.riskConsole = {
    timeZone: () => Intl.DateTimeFormat().resolvedOptions().timeZone,
    prefer: (name, value) => {
      document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax`;
      if (name === 'theme') document.documentElement.dataset.theme = value;
      if (name === 'language') document.documentElement.lang = value;
    },
    onKey: reference => {
      listener = reference;
      const pressed = early;
      early = [];
      if (listener) pressed.forEach(press);
    },
    focus: selector => { const found = document.querySelector(selector); if (found) found.focus(); },
    show: (selector, block) => { const found = document.querySelector(selector); if (found) found.scrollIntoView({ block: block || 'nearest' }); },
    draft: name => sessionStorage.getItem(`draft:${name}`),
    forget: name => sessionStorage.removeItem(`draft:${name}`),
  };

  // What is being written outlives the page: another alert may be looked at, and the server may be started again. It ends with the tab and with the session.
  document.addEventListener('input', event => {
    const name = event.target.dataset?.draft;
    if (name) sessionStorage.setItem(`draft:${name}`, event.target.value);
  });
  if (document.querySelector('form.card')) sessionStorage.clear();

  // After a restart the server does not know this page any more: load it again as soon as the server answers.
  const comeBack = async () => {
    for (;;) {
      try {
        const answer = await fetch('/health', { cache: 'no-store' });
        if (answer.ok) { location.reload(); return; }
      } catch { /* It is not there yet. */ }
      await new Promise(resolve => setTimeout(resolve, 1000));
    }
  };
  const dialog = document.getElementById('components-reconnect-modal');
  if (dialog) {
    dialog.addEventListener('components-reconnect-state-changed', event => {
      const state = event.detail.state;
      dialog.dataset.state = state;
      if (state === 'show') { if (!dialog.open) dialog.showModal(); }
      else if (state === 'hide') dialog.close();
      else if (state === 'failed' || state === 'rejected') { if (!dialog.open) dialog.showModal(); comeBack(); }
    });
  }
})();
