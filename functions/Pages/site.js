// What pages gain from a script. Each works without, and nothing here makes markup of text (Trusted Types).
'use strict';
{
  const { show, hide } = document.body.dataset;
  const all = (selector, act, root = document) => root.querySelectorAll(selector).forEach(act);

  // A button that shows a password. Hidden again before it is sent, so that no browser keeps it as plain text.
  all('input[type=password]', input => {
    const button = document.createElement('button');
    const pair = document.createElement('div');
    const reveal = shown => {
      input.type = shown ? 'text' : 'password';
      button.textContent = shown ? hide : show;
      button.ariaLabel = `${button.textContent}: ${input.labels[0].textContent}`;
    };
    button.type = 'button';
    button.onclick = () => reveal(input.type === 'password');
    input.form.addEventListener('submit', () => reveal(false));
    pair.className = 'secret';
    input.replaceWith(pair);
    pair.append(input, button);
    reveal(false);
  });

  // One press, one request. The button stays enabled: what it says is part of what is sent.
  const busy = (form, is) => {
    form.ariaBusy = is;
    all('[type=submit]', button => { button.ariaDisabled = is; }, form);
  };
  addEventListener('submit', event => event.target.ariaBusy === 'true' ? event.preventDefault() : busy(event.target, 'true'));
  addEventListener('pageshow', () => all('form', form => busy(form, null)));

  // A pasted code as the device shows it.
  all('[data-code]', input => {
    const tidy = () => {
      const letters = input.value.toUpperCase().replace(/[^A-Z]/g, '');
      input.value = letters.replace(/^(.{4})(?=.)/, '$1-');
    };
    input.onpaste = () => setTimeout(tidy);
    input.onchange = tidy;
  });

  // Moments in the person's own time.
  all('time', time => {
    time.textContent = new Date(time.dateTime).toLocaleString(document.documentElement.lang, { dateStyle: 'long', timeStyle: 'short' });
  });
}
