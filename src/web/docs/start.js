// Starts Swagger UI with the document of the service that this page came from, and with nobody else's.
'use strict';

(() => {
  const panel = document.getElementById('swagger-ui');
  // Behind a prefix too: the service is one step above this page.
  const service = new URL('..', document.baseURI).href.replace(/\/$/, '');

  // Swagger UI's dark colours hang on a class; its switch for them is in the bar at the top, which is left out.
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const dress = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
  dark.addEventListener('change', dress);
  dress();

  async function start() {
    const answer = await fetch('../openapi.json');
    if (!answer.ok) throw new Error(`the document was answered with ${answer.status}`);
    const spec = await answer.json();
    // Execute goes where the page came from, whatever address the document gives to others.
    spec.servers = [{ url: service }];
    // An example in a header's field would be sent by every Execute: all requests from here would look like twins.
    const operations = Object.values(spec.paths).flatMap((item) => Object.values(item));
    const parameters = operations.flatMap((operation) => operation.parameters ?? []);
    for (const parameter of parameters.filter((one) => one.in === 'header')) delete parameter.example;
    SwaggerUIBundle({
      spec,
      domNode: panel,
      presets: [SwaggerUIBundle.presets.apis],
      // Without the bar at the top, which offers to load somebody else's document.
      layout: 'BaseLayout',
      deepLinking: true,
      defaultModelsExpandDepth: 0,
      displayRequestDuration: true,
      tryItOutEnabled: true,
      validatorUrl: null,
    });
  }

  start().catch((error) => {
    const sentence = document.createElement('p');
    sentence.setAttribute('role', 'alert');
    sentence.textContent = `Swagger UI could not be started: ${error.message}. Load the page again.`;
    panel.replaceChildren(sentence);
  });
})();
