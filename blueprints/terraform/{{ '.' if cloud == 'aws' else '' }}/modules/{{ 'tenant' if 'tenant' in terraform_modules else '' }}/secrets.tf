# Names without values: whoever owns a secret puts its value, Terraform never sees one.
resource "aws_secretsmanager_secret" "this" {
  #checkov:skip=CKV2_AWS_57:Only the owner of a value can change it; a rotation function comes with the value (secret_reader_arns)
  for_each = toset(var.secret_names)

  name                    = "${local.secrets_prefix}${each.key}"
  description             = "Secret ${each.key} of tenant ${var.tenant}"
  kms_key_id              = var.kms_key_arn
  recovery_window_in_days = 30

  tags = local.tags
}

# Rights in the account are not enough to read a tenant's secret: only its own pods may, and who is named.
data "aws_iam_policy_document" "secret" {
  count = local.has_workload ? 1 : 0

  statement {
    sid       = "OnlyTheTenantReads"
    effect    = "Deny"
    actions   = ["secretsmanager:BatchGetSecretValue", "secretsmanager:GetSecretValue"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["*"]
    }

    condition {
      test     = "ArnNotEquals"
      variable = "aws:PrincipalArn"
      values   = concat([aws_iam_role.workload[0].arn], var.secret_reader_arns)
    }
  }
}

resource "aws_secretsmanager_secret_policy" "this" {
  for_each = local.has_workload ? toset(var.secret_names) : toset([])

  secret_arn          = aws_secretsmanager_secret.this[each.key].arn
  policy              = data.aws_iam_policy_document.secret[0].json
  block_public_policy = true
}
