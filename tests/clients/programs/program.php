<?php
// openapi-generator's PHP client, with Debian's Guzzle or another.

use OpenAPI\Client\Api\SupportRequestsApi;
use OpenAPI\Client\ApiException;
use OpenAPI\Client\Configuration;
use OpenAPI\Client\Model\Problem;
use OpenAPI\Client\Model\Severity;
use OpenAPI\Client\Model\SupportRequestInput;

require getenv('GUZZLE_AUTOLOAD') ?: '/usr/share/php/GuzzleHttp/autoload.php';
spl_autoload_register(function (string $class) {
    $prefix = 'OpenAPI\\Client\\';
    if (str_starts_with($class, $prefix)) {
        require getenv('CLIENT') . '/lib/' . str_replace('\\', '/', substr($class, strlen($prefix))) . '.php';
    }
});

function send(string $base, string $token, string $tenant, string $run, string $summary, string $email): array
{
    $api = new SupportRequestsApi(null, (new Configuration())->setHost($base)->setAccessToken($token));
    $body = (new SupportRequestInput())->setSummary($summary)->setContactEmail($email)->setSeverity(Severity::HIGH);
    try {
        $receipt = $run === ''
            ? $api->createTenantSupportRequest('acme', $tenant, $body)
            : $api->createOperationRunSupportRequest('acme', $tenant, $run, $body);
    } catch (ApiException $error) {
        $problem = $error->getResponseObject();
        if (!$problem instanceof Problem) {
            return [$error->getCode(), 'no problem'];
        }
        $pointers = array_map(fn ($fault) => $fault->getPointer(), $problem->getErrors());
        sort($pointers);
        return [$problem->getStatus(), implode(' ', [$problem->getCode(), ...$pointers])];
    }
    $context = $receipt->getPrimaryContext();
    return [201, implode(' ', [$receipt->getReference(), $context->getType(), $context->getId(), $receipt->getAttachment()->getReason()])];
}

while (($line = fgets(STDIN)) !== false) {
    [$step, $base, $token, $tenant, $run, $summary, $email] = explode("\t", rtrim($line, "\n"));
    echo implode("\t", [$step, ...send($base, $token, $tenant, $run, $summary, $email)]), "\n";
}
