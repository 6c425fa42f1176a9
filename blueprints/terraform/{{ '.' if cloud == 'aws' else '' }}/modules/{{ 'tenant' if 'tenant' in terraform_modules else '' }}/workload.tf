locals {
  cluster_arn = var.cluster_name == null ? "" : "arn:${local.partition}:eks:${var.region}:${local.account_id}:cluster/${var.cluster_name}"
  oidc_issuer = var.oidc_provider_arn == null ? "" : split(":oidc-provider/", var.oidc_provider_arn)[1]
}

data "aws_iam_policy_document" "workload_assume" {
  statement {
    sid     = "PodIdentity"
    actions = ["sts:AssumeRole", "sts:TagSession"]

    principals {
      type        = "Service"
      identifiers = ["pods.eks.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account_id]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/eks-cluster-arn"
      values   = [local.cluster_arn]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/kubernetes-namespace"
      values   = distinct([for account in var.service_accounts : account.namespace])
    }

    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/kubernetes-service-account"
      values   = distinct([for account in var.service_accounts : account.name])
    }
  }

  dynamic "statement" {
    for_each = var.oidc_provider_arn == null ? [] : [var.oidc_provider_arn]

    content {
      sid     = "ServiceAccountToken"
      actions = ["sts:AssumeRoleWithWebIdentity"]

      principals {
        type        = "Federated"
        identifiers = [statement.value]
      }

      condition {
        test     = "StringEquals"
        variable = "${local.oidc_issuer}:aud"
        values   = ["sts.amazonaws.com"]
      }

      condition {
        test     = "StringEquals"
        variable = "${local.oidc_issuer}:sub"
        values   = [for account in var.service_accounts : "system:serviceaccount:${account.namespace}:${account.name}"]
      }
    }
  }
}

data "aws_iam_policy_document" "workload" {
  statement {
    sid       = "ListBucket"
    actions   = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"]
    resources = [aws_s3_bucket.this.arn]
  }

  statement {
    sid       = "UseObjects"
    actions   = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"]
    resources = ["${aws_s3_bucket.this.arn}/*"]
  }

  statement {
    sid       = "ReadSecrets"
    actions   = ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]
    resources = [local.secrets_arn]
  }

  # Tenants may share the key. The encryption context, which S3 and Secrets Manager set and nobody
  # can choose, keeps each of them to its own data.
  statement {
    sid       = "UseKeyForObjects"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.kms_key_arn]

    condition {
      test     = "ArnLike"
      variable = "kms:EncryptionContext:aws:s3:arn"
      values   = [aws_s3_bucket.this.arn, "${aws_s3_bucket.this.arn}/*"]
    }
  }

  statement {
    sid       = "UseKeyForSecrets"
    actions   = ["kms:Decrypt"]
    resources = [var.kms_key_arn]

    condition {
      test     = "ArnLike"
      variable = "kms:EncryptionContext:SecretARN"
      values   = [local.secrets_arn]
    }
  }
}

resource "aws_iam_role" "workload" {
  count = local.has_workload ? 1 : 0

  name               = "${local.name}-workload"
  description        = "Pods of tenant ${var.tenant}"
  assume_role_policy = data.aws_iam_policy_document.workload_assume.json

  tags = local.tags
}

resource "aws_iam_role_policy" "workload" {
  count = local.has_workload ? 1 : 0

  name   = "own-data"
  role   = aws_iam_role.workload[0].id
  policy = data.aws_iam_policy_document.workload.json
}

resource "aws_eks_pod_identity_association" "workload" {
  for_each = local.has_workload ? var.service_accounts : {}

  cluster_name    = var.cluster_name
  namespace       = each.value.namespace
  service_account = each.value.name
  role_arn        = aws_iam_role.workload[0].arn

  tags = local.tags
}
