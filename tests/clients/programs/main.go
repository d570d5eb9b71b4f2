// openapi-generator's Go client.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"sort"
	"strings"

	client "example/client"
)

func send(call []string) (int, string) {
	base, token, tenant, run := call[1], call[2], call[3], call[4]
	configuration := client.NewConfiguration()
	configuration.Servers = client.ServerConfigurations{{URL: base}}
	api := client.NewAPIClient(configuration).SupportRequestsAPI
	ctx := context.WithValue(context.Background(), client.ContextAccessToken, token)
	body := client.NewSupportRequestInput(call[5])
	body.SetContactEmail(call[6])
	body.SetSeverity(client.HIGH)

	var receipt *client.SupportRequestReceipt
	var status int
	var err error
	if run != "" {
		answered, response, failed := api.CreateOperationRunSupportRequest(ctx, "acme", tenant, run).SupportRequestInput(*body).Execute()
		receipt, status, err = answered, response.StatusCode, failed
	} else {
		answered, response, failed := api.CreateTenantSupportRequest(ctx, "acme", tenant).SupportRequestInput(*body).Execute()
		receipt, status, err = answered, response.StatusCode, failed
	}
	if err == nil {
		about, attached := receipt.PrimaryContext, receipt.Attachment
		return status, strings.Join([]string{receipt.Reference, about.Type, about.Id, attached.Reason}, " ")
	}
	var failure *client.GenericOpenAPIError
	if errors.As(err, &failure) {
		if problem, ok := failure.Model().(client.Problem); ok {
			pointers := []string{}
			for _, fault := range problem.Errors {
				pointers = append(pointers, fault.Pointer)
			}
			sort.Strings(pointers)
			return int(problem.Status), strings.Join(append([]string{problem.Code}, pointers...), " ")
		}
	}
	return status, "no problem"
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		call := strings.Split(lines.Text(), "\t")
		status, told := send(call)
		fmt.Printf("%s\t%d\t%s\n", call[0], status, told)
	}
}
