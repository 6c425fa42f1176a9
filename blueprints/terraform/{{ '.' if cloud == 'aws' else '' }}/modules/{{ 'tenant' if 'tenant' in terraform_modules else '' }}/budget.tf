resource "aws_budgets_budget" "this" {
  count = var.monthly_budget_usd > 0 ? 1 : 0

  name         = local.name
  budget_type  = "COST"
  time_unit    = "MONTHLY"
  limit_unit   = "USD"
  limit_amount = tostring(var.monthly_budget_usd)

  # Counts what carries the tag, so Tenant has to be an active cost allocation tag of the payer.
  cost_filter {
    name   = "TagKeyValue"
    values = [format("user:Tenant$%s", var.tenant)]
  }

  # A notification without an address is refused.
  dynamic "notification" {
    for_each = length(var.budget_emails) > 0 ? { ACTUAL = 80, FORECASTED = 100 } : {}

    content {
      notification_type          = notification.key
      comparison_operator        = "GREATER_THAN"
      threshold                  = notification.value
      threshold_type             = "PERCENTAGE"
      subscriber_email_addresses = var.budget_emails
    }
  }

  tags = local.tags
}
